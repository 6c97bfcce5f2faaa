/** Everything on the page that belongs to what is open: controls, pictures, figures, help. */
import type { ThemeColors } from '../common/colors';
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { controls } from './controls';
import { figuresView } from './figuresView';
import { levelMeter } from './meter';
import type { Recording } from './recording';
import type { Scale } from './spectra';
import type { ComputeColumns } from './spectraRunner';
import { trackView } from './trackView';
import * as views from './view';
import type { WaveActions } from './waveView';

export interface RecordingViewOptions {
  readonly recording: Recording;
  readonly compute: ComputeColumns;
  setScale(scale: Scale): void;
  onError(error: unknown): void;
}

export interface RecordingView {
  readonly elements: readonly HTMLElement[];
  draw(scale: Scale, colors: ThemeColors): void;
  showTime(): void;
  stop(): void;
}

export function recordingView(page: Page<unknown>, options: RecordingViewOptions): RecordingView {
  const { recording, compute, onError } = options;
  const { tracks, deck, store } = recording;
  const named = tracks.length > 1;
  const bar = controls(page, {
    names: tracks.map(({ file }) => file.name),
    act: (action) => recording.act(action),
    speed: (rate) => recording.setSpeed(rate),
    scale: options.setScale,
    hear: (index) => void deck.hear(index),
  });
  const meter = levelMeter(page);
  const actions = waveActions(recording);
  const pictures = tracks.map(({ file }) =>
    trackView(page, { name: file.name, named, compute, actions, onError }),
  );
  const figures = tracks.map((_, index) => figuresView(page, index, named));
  return {
    elements: [
      h('div', { class: 'row bar-row' }, bar.element, meter.element),
      ...tracks.map((_, index) =>
        h('div', { class: 'audio-columns' }, pictures[index]?.element, figures[index]?.element),
      ),
      help(page, named),
    ],
    draw: (scale, colors) => {
      const view = store.get();
      tracks.forEach((track, index) => {
        pictures[index]?.show(view, track, scale, colors);
        figures[index]?.show(track);
      });
      bar.setLoop(view.loop);
      bar.setScale(scale);
      bar.setSpeed(recording.speed);
    },
    showTime: () => {
      const { time, playing, active } = deck;
      const view = store.get();
      for (const picture of pictures) picture.setTime(view, time);
      bar.setPlaying(playing);
      bar.setTime(Math.max(0, time), view.duration);
      bar.setHeard(active);
      meter.show(playing ? levelAt(recording, time) : { peak: 0, rms: 0 });
    },
    stop: () => {
      for (const picture of pictures) picture.stop();
    },
  };
}

function waveActions(recording: Recording): WaveActions {
  return {
    seek: (time) => recording.deck.seek(time),
    select: (a, b) => recording.change((view) => views.select(view, a, b)),
    centre: (time) =>
      recording.change((view) => views.scroll(view, time - (view.shown.from + view.shown.to) / 2)),
    zoom: (factor, around) => recording.change((view) => views.zoom(view, factor, around)),
    scroll: (seconds) => recording.change((view) => views.scroll(view, seconds)),
  };
}

/** The loudest channel of what is heard, over the last 50 ms. */
function levelAt({ tracks, deck }: Recording, time: number): { peak: number; rms: number } {
  const track = tracks[deck.active];
  if (track === undefined) return { peak: 0, rms: 0 };
  const rate = track.samples.sampleRate;
  const levels = track.scanned.peaks.map((peaks) =>
    peaks.level(Math.max(0, time - track.offset) * rate, rate * 0.05),
  );
  return {
    peak: Math.max(0, ...levels.map(({ peak }) => peak)),
    rms: Math.max(0, ...levels.map(({ rms }) => rms)),
  };
}

function help({ t }: Page<unknown>, named: boolean): HTMLElement {
  const names = ['play', 'seek', 'select', 'zoom', 'loop', ...(named ? (['other'] as const) : [])] as const;
  return h(
    'details',
    {},
    h('summary', {}, t('audio.help')),
    h('ul', { class: 'help' }, ...names.map((name) => h('li', {}, t(`audio.help.${name}`)))),
  );
}
