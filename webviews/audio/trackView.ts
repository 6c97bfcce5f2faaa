/** One recording's pictures: overview, waveform and spectrogram, one under the other. */
import type { ThemeColors } from '../common/colors';
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { spectrogramView } from './spectrogramView';
import type { Scale } from './spectra';
import type { ComputeColumns } from './spectraRunner';
import { local, peakDb, type Track } from './track';
import type { View } from './view';
import { waveView, type WaveActions } from './waveView';

export interface TrackViewOptions {
  readonly name: string;
  /** There is another beside it: each says whose it is. */
  readonly named: boolean;
  readonly compute: ComputeColumns;
  readonly actions: WaveActions;
  onError(error: unknown): void;
}

export type TrackView = ReturnType<typeof trackView>;

export function trackView(page: Page<unknown>, options: TrackViewOptions) {
  const { name, named, compute, actions, onError } = options;
  const waves = waveView(page, { name: named ? name : undefined, actions, onError });
  const spectrum = spectrogramView(page, compute, name, onError);
  const element = h(
    'section',
    { class: 'track', attrs: { 'aria-label': name } },
    named && h('h2', { class: 'track-name' }, h('bdi', {}, name)),
    h('div', { class: 'tracks ltr' }, waves.element, spectrum.element),
  );
  return {
    element,
    show: (view: View, track: Track, scale: Scale, colors: ThemeColors): void => {
      waves.show(view, track, colors);
      // Brightness follows the loudest sample: until one is known there is nothing to compare with.
      if (track.scanned.peaks.length > 0)
        spectrum.show({
          samples: track.samples,
          range: local(track, view.shown),
          scale,
          colors,
          peakDb: peakDb(track),
        });
    },
    setTime: waves.setTime,
    stop: spectrum.stop,
  };
}
