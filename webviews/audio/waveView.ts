/** Overview, ruler and waveform, with the pointer's doings on them. */
import type { ThemeColors } from '../common/colors';
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { drawRuler, drawWave, fitCanvas } from './draw';
import { blockFrames, sampleColumns } from './peaks';
import type { Samples } from './samples';
import type { Scan } from './scan';
import { ticks, type Range, type View } from './view';

export interface WaveActions {
  seek(seconds: number): void;
  select(a: number, b: number): void;
  centre(seconds: number): void;
  zoom(factor: number, around: number): void;
  scroll(seconds: number): void;
}

export function waveView(page: Page<unknown>, actions: WaveActions, onError: (error: unknown) => void) {
  const { t, format } = page;
  const overview = h('canvas', {
    class: 'overview',
    attrs: { role: 'img', 'aria-label': t('audio.overview') },
  });
  const window_ = h('div', { class: 'window' });
  const ruler = h('canvas', { class: 'ruler', attrs: { 'aria-hidden': 'true' } });
  const wave = h('canvas', { class: 'wave', attrs: { role: 'img', 'aria-label': t('audio.waveform') } });
  const selection = h('div', { class: 'selection', hidden: true });
  const heads = [0, 1].map(() => h('div', { class: 'playhead' }));
  const slider = h(
    'div',
    {
      class: 'lane wave-lane',
      attrs: { role: 'slider', tabindex: 0, 'aria-label': t('audio.position'), 'aria-valuemin': 0 },
    },
    wave,
    selection,
    heads[1],
  );
  const overviewLane = h('div', { class: 'lane overview-lane' }, overview, window_, heads[0]);
  const element = h('div', { class: 'waves' }, overviewLane, ruler, slider);
  let shown: View | undefined;
  /** What comes late is not drawn over what was asked for since. */
  const requests = new Map<HTMLCanvasElement, number>();

  const timeAt = (place: HTMLElement, event: PointerEvent | WheelEvent, range: Range): number => {
    const box = place.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / Math.max(1, box.width)));
    return range.from + share * (range.to - range.from);
  };
  dragging(slider, (event) => (shown === undefined ? 0 : timeAt(slider, event, shown.shown)), {
    click: actions.seek,
    drag: actions.select,
  });
  dragging(overviewLane, (event) => timeAt(overviewLane, event, { from: 0, to: shown?.duration ?? 0 }), {
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
    show: (view: View, samples: Samples, scanned: Scan, colors: ThemeColors): void => {
      shown = view;
      for (const canvas of [overview, ruler, wave]) fitCanvas(canvas);
      const { from, to } = view.shown;
      const whole = { from: 0, to: view.duration };
      drawRange(overview, whole, samples, scanned, colors);
      drawRange(wave, view.shown, samples, scanned, colors);
      place(window_, view.shown, whole);
      const marks = ticks(view.shown, ruler.clientWidth / 80);
      const decimals = to - from < 0.1 ? 4 : to - from < 10 ? 2 : 0;
      drawRuler(ruler, view.shown, marks, colors, (time) => format.clock(time, decimals));
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

  function drawRange(
    canvas: HTMLCanvasElement,
    range: Range,
    samples: Samples,
    scanned: Scan,
    colors: ThemeColors,
  ): void {
    const first = Math.floor(range.from * samples.sampleRate);
    const frames = Math.max(1, Math.ceil(range.to * samples.sampleRate) - first);
    const mine = (requests.get(canvas) ?? 0) + 1;
    requests.set(canvas, mine);
    if (frames / canvas.width >= blockFrames) {
      drawWave(
        canvas,
        scanned.peaks.map((peaks) => peaks.columns(first, first + frames, canvas.width)),
        colors,
      );
      return;
    }
    // Closer than the peaks' blocks: from the samples themselves.
    samples.read(first, frames).then((channels) => {
      if (requests.get(canvas) !== mine) return;
      drawWave(
        canvas,
        channels.map((channel) => sampleColumns(channel, canvas.width)),
        colors,
      );
    }, onError);
  }
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

function dragging(
  element: HTMLElement,
  timeOf: (event: PointerEvent) => number,
  actions: { click(time: number): void; drag(from: number, to: number): void },
): void {
  let start: { time: number; x: number } | undefined;
  let moved = false;
  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    start = { time: timeOf(event), x: event.clientX };
    moved = false;
  });
  element.addEventListener('pointermove', (event) => {
    if (start === undefined) return;
    moved ||= Math.abs(event.clientX - start.x) > 3;
    if (moved) actions.drag(start.time, timeOf(event));
  });
  element.addEventListener('pointerup', () => {
    if (start !== undefined && !moved) actions.click(start.time);
    start = undefined;
  });
  element.addEventListener('pointercancel', () => (start = undefined));
}
