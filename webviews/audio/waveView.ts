/** Overview, ruler and waveform, with the pointer's doings on them. */
import type { ThemeColors } from '../common/colors';
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { drawRuler, drawSamples, drawWave, fitCanvas } from './draw';
import { blockFrames, sampleColumns } from './peaks';
import { onPress } from './pointer';
import { local, type Track } from './track';
import { ticks, type Range, type View } from './view';

export interface WaveActions {
  seek(seconds: number): void;
  select(a: number, b: number): void;
  centre(seconds: number): void;
  zoom(factor: number, around: number): void;
  scroll(seconds: number): void;
}

export interface WaveOptions {
  /** Named only where there are two. */
  readonly name: string | undefined;
  readonly actions: WaveActions;
  onError(error: unknown): void;
}

export function waveView(page: Page<unknown>, { name, actions, onError }: WaveOptions) {
  const { t, format } = page;
  const label = (words: string): string => (name === undefined ? words : `${words}: ${name}`);
  const overview = h('canvas', {
    class: 'overview',
    attrs: { role: 'img', 'aria-label': label(t('audio.overview')) },
  });
  const window_ = h('div', { class: 'window' });
  const ruler = h('canvas', { class: 'ruler', attrs: { 'aria-hidden': 'true' } });
  const wave = h('canvas', {
    class: 'wave',
    attrs: { role: 'img', 'aria-label': label(t('audio.waveform')) },
  });
  const selection = h('div', { class: 'selection', hidden: true });
  const heads = [0, 1].map(() => h('div', { class: 'playhead' }));
  const slider = h(
    'div',
    {
      class: 'lane wave-lane',
      attrs: { role: 'slider', tabindex: 0, 'aria-label': label(t('audio.position')), 'aria-valuemin': 0 },
    },
    wave,
    selection,
    heads[1],
  );
  const overviewLane = h('div', { class: 'lane overview-lane' }, overview, window_, heads[0]);
  const element = h('div', { class: 'waves' }, overviewLane, ruler, slider);
  let shown: View | undefined;
  /** What the overview shows, and the waveform: neither is drawn again for nothing. */
  let overviewKey = '';
  let waveKey = '';
  /** What comes late is not drawn over what was asked for since. */
  let request = 0;

  const timeAt = (place: HTMLElement, event: PointerEvent | WheelEvent, range: Range): number => {
    const box = place.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / Math.max(1, box.width)));
    return range.from + share * (range.to - range.from);
  };
  onPress(slider, (event) => (shown === undefined ? 0 : timeAt(slider, event, shown.shown)), {
    click: actions.seek,
    drag: actions.select,
  });
  onPress(overviewLane, (event) => timeAt(overviewLane, event, { from: 0, to: shown?.duration ?? 0 }), {
    click: actions.centre,
    drag: (_, to) => actions.centre(to),
  });
  slider.addEventListener(
    'wheel',
    (event) => {
      if (shown === undefined) return;
      const width = shown.shown.to - shown.shown.from;
      if (event.ctrlKey || event.metaKey)
        actions.zoom(Math.exp(-event.deltaY / 200), timeAt(slider, event, shown.shown));
      else if (event.deltaX !== 0 || event.shiftKey)
        actions.scroll(((event.deltaX || event.deltaY) * width) / 1000);
      else return;
      event.preventDefault();
    },
    { passive: false },
  );

  return {
    element,
    slider,
    show: (view: View, track: Track, colors: ThemeColors): void => {
      shown = view;
      const whole = { from: 0, to: view.duration };
      const resized = [overview, ruler, wave].map(fitCanvas);
      const known = JSON.stringify([track.scanned.done, track.scanned.peaks.length, track.offset, colors]);
      const outline = `${known} ${view.duration}`;
      if (outline !== overviewKey || resized[0] === true) drawPeaks(overview, whole, track, colors);
      overviewKey = outline;
      place(window_, view.shown, whole);
      const part = `${known} ${view.shown.from} ${view.shown.to}`;
      if (part !== waveKey || resized[1] === true || resized[2] === true) {
        waveKey = part;
        drawView(view.shown, track, colors);
      }
      selection.hidden = view.selection === undefined;
      if (view.selection !== undefined) place(selection, view.selection, view.shown);
    },
    setTime: (view: View, seconds: number): void => {
      const whole = { from: 0, to: view.duration };
      heads.forEach((head, i) => put(head, seconds, i === 0 ? whole : view.shown));
      slider.setAttribute('aria-valuemax', view.duration.toFixed(3));
      slider.setAttribute('aria-valuenow', seconds.toFixed(3));
      slider.setAttribute('aria-valuetext', format.clock(seconds));
    },
  };

  function drawView(range: Range, track: Track, colors: ThemeColors): void {
    const width = range.to - range.from;
    const decimals = width < 0.1 ? 4 : width < 10 ? 2 : 0;
    const marks = ticks(range, ruler.clientWidth / 80);
    drawRuler(ruler, range, marks, colors, (time) => format.clock(time, decimals));
    const mine = ++request;
    const perPixel = (width * track.samples.sampleRate) / wave.width;
    if (perPixel >= blockFrames) {
      drawPeaks(wave, range, track, colors);
      return;
    }
    // Closer than the peaks' blocks: from the samples themselves.
    readShown(track, range).then(({ channels, first }) => {
      if (request === mine) drawClose(range, track, channels, first, perPixel, colors);
    }, onError);
  }

  function drawClose(
    range: Range,
    track: Track,
    channels: readonly Float32Array[],
    first: number,
    perPixel: number,
    colors: ThemeColors,
  ): void {
    const start = (first - local(track, range).from * track.samples.sampleRate) / perPixel;
    if (perPixel < 0.5) {
      drawSamples(wave, channels, { first: start, step: 1 / perPixel }, colors);
      return;
    }
    const edges = { first: start, perPixel, columns: wave.width };
    drawWave(
      wave,
      channels.map((channel) => sampleColumns(channel, edges)),
      colors,
    );
  }
}

function drawPeaks(canvas: HTMLCanvasElement, range: Range, track: Track, colors: ThemeColors): void {
  const { from, to } = local(track, range);
  const rate = track.samples.sampleRate;
  drawWave(
    canvas,
    track.scanned.peaks.map((peaks) => peaks.columns(from * rate, to * rate, canvas.width)),
    colors,
  );
}

/** The samples in view and one more on each side, for the line that leads out of it. */
async function readShown(
  track: Track,
  range: Range,
): Promise<{ channels: readonly Float32Array[]; first: number }> {
  const { from, to } = local(track, range);
  const { sampleRate } = track.samples;
  const first = Math.max(0, Math.floor(from * sampleRate) - 1);
  const end = Math.ceil(to * sampleRate) + 2;
  return { channels: await track.samples.read(first, Math.max(0, end - first)), first };
}

/** Positions count from the left in Persian too: time runs left to right. */
function place(element: HTMLElement, range: Range, within: Range): void {
  const width = within.to - within.from || 1;
  element.style.left = `${((range.from - within.from) / width) * 100}%`;
  element.style.width = `${((range.to - range.from) / width) * 100}%`;
}

function put(head: HTMLElement, seconds: number, within: Range): void {
  const share = (seconds - within.from) / (within.to - within.from || 1);
  head.hidden = share < 0 || share > 1;
  head.style.left = `${share * 100}%`;
}
