/** The audio page put together: opens what it is given, shows it, and remembers where one was. */
import type { AudioInput, SoundFile } from '../../protocol/api/panel';
import { currentColors, onThemeChange, type ThemeColors } from '../common/colors';
import { browserDecoder } from '../common/decodeAudio';
import { h } from '../common/dom';
import type { Page, RunningPage } from '../common/page';
import { busy } from '../common/toolkit';
import { speakers } from './audioOutput';
import { panelSource } from './byteSource';
import { belongsToControl, keyAction } from './keys';
import { openSound } from './openSound';
import { Recording } from './recording';
import { recordingView, type RecordingView } from './recordingView';
import { savedAudio, type SavedAudio } from './saved';
import type { Scale } from './spectra';
import { spectraRunner } from './spectraRunner';
import type { Track } from './track';

interface Open {
  readonly recording: Recording;
  readonly view: RecordingView;
}

export class AudioPage implements RunningPage<AudioInput> {
  private input: AudioInput;
  private open: Open | undefined;
  private work = new AbortController();
  private scale: Scale = 'mel';
  private colors: ThemeColors = currentColors();
  private readonly output = speakers();
  private readonly compute = spectraRunner();
  private readonly place = h('div', { class: 'audio-body' });
  private readonly title = h('bdi');

  constructor(private readonly page: Page<AudioInput>) {
    this.input = page.input;
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
    // A file that was only touched is not read again.
    if (this.open !== undefined && JSON.stringify(input) === JSON.stringify(this.input)) return;
    this.input = input;
    void this.load();
  }

  private get name(): string {
    return this.input.files.map(({ name }) => name).join(' · ');
  }

  private async load(): Promise<void> {
    const { page, input, name } = this;
    this.leave();
    const { signal } = this.work;
    this.title.textContent = name;
    page.banner.clear();
    this.place.replaceChildren(busy(page.t('audio.loading', { name })));
    try {
      const tracks = await Promise.all(input.files.map((file, index) => this.track(file, index)));
      if (!signal.aborted) this.show(tracks);
    } catch (error) {
      if (signal.aborted) return;
      this.place.replaceChildren(h('p', { class: 'muted' }, page.t('audio.failed', { name })));
      page.banner.show(error, () => void this.load(), true);
    }
  }

  private async track(file: SoundFile, index: number): Promise<Track> {
    const source = panelSource(this.page.peer, index, file.sizeBytes);
    const samples = await openSound(file.name, source, browserDecoder);
    return { file, samples, scanned: { peaks: [], done: 0, figures: undefined }, offset: 0 };
  }

  private show(tracks: readonly Track[]): void {
    const { page } = this;
    const onError = (error: unknown): void => page.banner.show(error);
    const recording = new Recording({
      tracks,
      output: this.output,
      onView: () => this.draw(),
      onTime: () => this.showTime(),
      onRead: ({ file }) => page.announce(page.t('audio.read', { name: file.name })),
      onError,
    });
    const view = recordingView(page, {
      recording,
      compute: this.compute,
      setScale: (scale) => this.setScale(scale),
      onError,
    });
    this.open = { recording, view };
    this.place.replaceChildren(...view.elements);
    this.restore(recording);
    this.draw();
    recording.read();
  }

  private restore(recording: Recording): void {
    const saved: SavedAudio = this.page.host.state(savedAudio, undefined);
    if (saved === undefined || saved.name !== this.name || saved.duration !== recording.duration) return;
    const { shown, selection, loop } = saved.view;
    this.scale = saved.scale;
    recording.change((view) => ({ ...view, shown, selection, loop }));
    recording.setSpeed(saved.speed);
    recording.deck.seek(saved.time);
  }

  private setScale(scale: Scale): void {
    this.scale = scale;
    this.draw();
  }

  private draw(): void {
    const { open } = this;
    if (open === undefined) return;
    open.view.draw(this.scale, this.colors);
    this.showTime();
    this.keep(open);
  }

  private showTime(): void {
    const { open } = this;
    if (open === undefined) return;
    open.view.showTime();
    if (!open.recording.deck.playing) this.keep(open);
  }

  private onKey(event: KeyboardEvent): void {
    if (belongsToControl(event.target, event.key)) return;
    const action = keyAction(event);
    if (action === undefined || this.open === undefined) return;
    event.preventDefault();
    this.open.recording.act(action);
  }

  private keep({ recording }: Open): void {
    const { shown, selection, loop } = recording.store.get();
    const state: SavedAudio = {
      name: this.name,
      duration: recording.duration,
      time: Math.max(0, recording.deck.time),
      speed: recording.speed,
      scale: this.scale,
      view: { shown, selection, loop },
    };
    this.page.host.setState(state);
  }

  private leave(): void {
    this.work.abort();
    this.work = new AbortController();
    this.open?.recording.dispose();
    this.open?.view.stop();
    this.open = undefined;
    // Another recording has another rate, and the output is opened at it.
    this.output.close();
  }
}
