/** The audio page put together: read, draw, play. */
import type { AudioInput } from '../../protocol/api/panel';
import { currentColors, onThemeChange, type ThemeColors } from '../common/colors';
import { browserDecoder } from '../common/decodeAudio';
import { h } from '../common/dom';
import { fetchBlob } from '../common/fetchBytes';
import type { Page, RunningPage } from '../common/page';
import { createStore, type Store } from '../common/store';
import { busy } from '../common/toolkit';
import { controls, speeds } from './controls';
import { figuresView } from './figuresView';
import { belongsToControl, keyAction, type KeyAction } from './keys';
import { levelMeter } from './meter';
import { pcmFile } from './pcmFile';
import { Player } from './player';
import { openSamples, type Samples } from './samples';
import { savedAudio } from './saved';
import { scan, type Scan } from './scan';
import { spectrogramView } from './spectrogramView';
import * as views from './view';
import { waveView } from './waveView';

interface Recording {
  readonly samples: Samples;
  readonly player: Player;
  readonly store: Store<views.View>;
  scanned: Scan;
}

export class AudioPage implements RunningPage<AudioInput> {
  private input: AudioInput;
  private recording: Recording | undefined;
  private work = new AbortController();
  private urls: string[] = [];
  private speed = 1;
  private colors: ThemeColors = currentColors();
  private readonly place = h('div', { class: 'audio-body' });
  private readonly title = h('bdi');
  private readonly media = h('audio', { attrs: { preload: 'auto' } });
  private readonly controls;
  private readonly waves;
  private readonly spectrum;
  private readonly figures;
  private readonly meter;

  constructor(private readonly page: Page<AudioInput>) {
    this.input = page.input;
    const fail = (error: unknown): void => page.banner.show(error);
    this.controls = controls(page, {
      toggle: () => this.act({ kind: 'toggle' }),
      restart: () => this.act({ kind: 'start' }),
      loop: () => this.act({ kind: 'loop' }),
      zoomIn: () => this.act({ kind: 'zoom', factor: 2 }),
      zoomOut: () => this.act({ kind: 'zoom', factor: 0.5 }),
      fit: () => this.act({ kind: 'fit' }),
      speed: (rate) => this.setSpeed(rate),
    });
    const change = (next: (view: views.View) => views.View): void => this.recording?.store.update(next);
    this.waves = waveView(
      page,
      {
        seek: (time) => this.recording?.player.seek(time),
        select: (a, b) => change((view) => views.select(view, a, b)),
        centre: (time) => change((view) => views.scroll(view, time - (view.shown.from + view.shown.to) / 2)),
        zoom: (factor, around) => change((view) => views.zoom(view, factor, around)),
        scroll: (seconds) => change((view) => views.scroll(view, seconds)),
      },
      fail,
    );
    this.spectrum = spectrogramView(page, fail);
    this.figures = figuresView(page);
    this.meter = levelMeter(page);
    page.root.append(h('main', { class: 'audio-page' }, h('h1', {}, this.title), this.place));
    document.addEventListener('keydown', (event) => this.onKey(event));
    new ResizeObserver(() => this.draw()).observe(this.place);
    onThemeChange(() => {
      this.colors = currentColors();
      this.draw();
    });
    void this.load();
  }

  onInput(input: AudioInput): void {
    this.input = input;
    void this.load();
  }

  private async load(): Promise<void> {
    const { page, input } = this;
    const { t } = page;
    this.leave();
    const { signal } = this.work;
    this.title.textContent = input.name;
    page.banner.clear();
    this.place.replaceChildren(busy(t('audio.loading', { name: input.name })));
    try {
      const file = await fetchBlob(input.uri);
      const samples = await openSamples(input.name, file, browserDecoder);
      if (signal.aborted) return;
      this.open(samples, file, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.place.replaceChildren(h('p', { class: 'muted' }, t('audio.failed', { name: input.name })));
      page.banner.show(error, () => void this.load(), true);
    }
  }

  private open(samples: Samples, file: Blob, signal: AbortSignal): void {
    const saved = this.page.host.state(savedAudio, undefined);
    const fresh = views.wholeView(samples.seconds);
    const before = saved?.name === this.input.name && saved.duration === samples.seconds ? saved : undefined;
    const store = createStore<views.View>(before === undefined ? fresh : { ...fresh, ...before.view });
    const player = new Player({
      media: this.media,
      source: this.url(file),
      fallback: async () => this.url(await pcmFile(samples, signal)),
      loop: () => views.loopRange(store.get()),
      onChange: () => this.moved(),
      onError: (error) => this.page.banner.show(error),
    });
    this.recording = { samples, player, store, scanned: { peaks: [], done: 0, figures: undefined } };
    store.subscribe(() => this.draw());
    this.place.replaceChildren(...this.parts());
    this.setSpeed(before?.speed ?? 1);
    if (before !== undefined) player.seek(before.time);
    this.draw();
    scan(samples, (scanned) => this.onScan(scanned), signal).catch((error: unknown) => {
      if (!signal.aborted) this.page.banner.show(error);
    });
  }

  private parts(): HTMLElement[] {
    const { t } = this.page;
    const help = (['play', 'seek', 'select', 'zoom', 'loop'] as const).map((name) =>
      h('li', {}, t(`audio.help.${name}`)),
    );
    return [
      h('div', { class: 'row bar-row' }, this.controls.element, this.meter.element),
      h(
        'div',
        { class: 'audio-columns' },
        h('div', { class: 'tracks ltr' }, this.waves.element, this.spectrum.element),
        this.figures.element,
      ),
      h('details', {}, h('summary', {}, t('audio.help')), h('ul', { class: 'help' }, ...help)),
    ];
  }

  private onScan(scanned: Scan): void {
    if (this.recording === undefined) return;
    this.recording.scanned = scanned;
    // Peaks grow outside of the view: the same view is drawn again.
    this.recording.store.update((view) => ({ ...view }));
    if (scanned.figures !== undefined)
      this.page.announce(this.page.t('audio.read', { name: this.input.name }));
  }

  private draw(): void {
    const { recording } = this;
    if (recording === undefined) return;
    const { samples, scanned, store, player } = recording;
    const view = store.get();
    this.waves.show(view, samples, scanned, this.colors);
    // Brightness follows the loudest sample, so it waits until that is known.
    if (scanned.figures !== undefined)
      this.spectrum.show(samples, view.shown, this.colors, scanned.figures.peakDb);
    this.figures.show(samples, this.input.sizeBytes, scanned.figures, scanned.done);
    this.controls.setLoop(view.loop);
    this.showTime(recording, player.time);
    this.keep(recording);
  }

  /** Played, paused or moved: the clock runs from here while it plays. */
  private moved(): void {
    const { recording } = this;
    if (recording === undefined) return;
    const { player, store } = recording;
    this.controls.setPlaying(player.playing);
    this.showTime(recording, player.time);
    store.update((view) => views.follow(view, player.time));
    if (player.playing) requestAnimationFrame(() => this.tick(recording));
    else this.keep(recording);
  }

  private tick(recording: Recording): void {
    if (this.recording !== recording || !recording.player.playing) return;
    recording.player.tick();
    this.showTime(recording, recording.player.time);
    recording.store.update((view) => views.follow(view, recording.player.time));
    requestAnimationFrame(() => this.tick(recording));
  }

  private showTime({ samples, scanned, store, player }: Recording, seconds: number): void {
    this.waves.setTime(store.get(), seconds);
    this.controls.setTime(seconds, samples.seconds);
    const levels = scanned.peaks.map((peaks) =>
      peaks.level(seconds * samples.sampleRate, samples.sampleRate * 0.05),
    );
    const most = (part: 'peak' | 'rms'): number =>
      player.playing ? Math.max(0, ...levels.map((level) => level[part])) : 0;
    this.meter.show({ peak: most('peak'), rms: most('rms') });
  }

  private onKey(event: KeyboardEvent): void {
    if (belongsToControl(event.target, event.key)) return;
    const action = keyAction(event);
    if (action === undefined || this.recording === undefined) return;
    event.preventDefault();
    this.act(action);
  }

  private act(action: KeyAction): void {
    if (this.recording === undefined) return;
    const { player, store, samples } = this.recording;
    switch (action.kind) {
      case 'toggle':
        return void player.toggle();
      case 'seek':
        return player.seek(Math.min(samples.seconds, player.time + action.seconds));
      case 'start':
        return player.seek(store.get().selection?.from ?? 0);
      case 'end':
        return player.seek(samples.seconds);
      case 'zoom':
        return store.update((view) => views.zoom(view, action.factor, player.time));
      case 'fit':
        return store.update(views.fit);
      case 'loop':
        return store.update(views.toggleLoop);
      case 'clear':
        return store.update(views.clearSelection);
      case 'slower':
      case 'faster':
        return this.setSpeed(nextSpeed(this.speed, action.kind === 'faster' ? 1 : -1));
    }
  }

  private setSpeed(rate: number): void {
    this.speed = rate;
    this.recording?.player.setSpeed(rate);
    this.controls.setSpeed(rate);
    if (this.recording !== undefined) this.keep(this.recording);
  }

  private keep({ samples, store, player }: Recording): void {
    const { shown, selection, loop } = store.get();
    this.page.host.setState({
      name: this.input.name,
      duration: samples.seconds,
      time: player.time,
      speed: this.speed,
      view: { shown, selection, loop },
    });
  }

  private url(file: Blob): string {
    const url = URL.createObjectURL(file);
    this.urls.push(url);
    return url;
  }

  private leave(): void {
    this.work.abort();
    this.work = new AbortController();
    this.recording?.player.dispose();
    this.recording = undefined;
    this.spectrum.stop();
    for (const url of this.urls) URL.revokeObjectURL(url);
    this.urls = [];
  }
}

function nextSpeed(rate: number, direction: 1 | -1): number {
  const index = speeds.findIndex((each) => each === rate);
  return speeds[Math.min(speeds.length - 1, Math.max(0, index + direction))] ?? 1;
}
