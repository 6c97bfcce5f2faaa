/** Everything on the page that belongs to what is open: controls, pictures, figures, help. */
import type { AudioInput } from '../../protocol/api/panel';
import type { ThemeColors } from '../common/colors';
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { controls } from './controls';
import { exportSelection } from './exportSelection';
import { figuresView } from './figuresView';
import { levelMeter } from './meter';
import type { Recording } from './recording';
import type { Scale } from './spectra';
import type { ComputeColumns } from './spectraRunner';
import { trackView } from './trackView';
import { transcriptView } from './transcriptView';
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

export function recordingView(page: Page<AudioInput>, options: RecordingViewOptions): RecordingView {
  const { recording, compute, onError } = options;
  const { tracks, deck, store } = recording;
  const named = tracks.length > 1;
  const bar = controls(page, {
    names: tracks.map(({ file }) => file.name),
    act: (action) => recording.act(action),
    speed: (rate) => recording.setSpeed(rate),
    scale: options.setScale,
    hear: (index) => void deck.hear(index),
    exportSelection: () => {
      const { selection } = store.get();
      const track = tracks[deck.active];
      if (selection === undefined || track === undefined) return;
      exportSelection(page, track, selection).then((saved) => {
        if (saved) page.announce(page.t('audio.exported'));
      }, onError);
    },
    align: () => align(page, recording, status),
  });
  const meter = levelMeter(page);
  const status = h('p', { class: 'muted', hidden: true, attrs: { role: 'status' } });
  // Two that are compared leave no room for what they say.
  const [only] = named ? [] : tracks;
  const transcript =
    only === undefined
      ? undefined
      : transcriptView(page, only, {
          hear: (from, to) => recording.hear(from, to),
          onError,
        });
  const actions = waveActions(recording);
  const pictures = tracks.map(({ file }) =>
    trackView(page, { name: file.name, named, compute, actions, onError }),
  );
  const figures = tracks.map((_, index) => figuresView(page, index, named));
  return {
    elements: [
      h('div', { class: 'row bar-row' }, bar.element, meter.element),
      status,
      ...tracks.map((_, index) =>
        h('div', { class: 'audio-columns' }, pictures[index]?.element, figures[index]?.element),
      ),
      ...(transcript === undefined ? [] : [transcript.element]),
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
      bar.setSelected(view.selection !== undefined);
    },
    showTime: () => {
      const { time, playing, active } = deck;
      const view = store.get();
      for (const picture of pictures) picture.setTime(view, time);
      bar.setPlaying(playing);
      bar.setTime(Math.max(0, time), view.duration);
      bar.setHeard(active);
      transcript?.setTime(time);
      meter.show(playing ? levelAt(recording, time) : { peak: 0, rms: 0 });
    },
    stop: () => {
      for (const picture of pictures) picture.stop();
    },
  };
}

/** Lays the second recording over the first, and says how far it was moved. */
function align({ t, format }: Page<unknown>, recording: Recording, status: HTMLElement): void {
  const offset = recording.align();
  status.hidden = false;
  status.textContent =
    offset === undefined
      ? t('audio.notAlike')
      : t(offset < 0 ? 'audio.alignedBefore' : 'audio.aligned', { time: format.number(Math.abs(offset), 4) });
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
