/** What is known of the recording, at the side. */
import { h, setText } from '../common/dom';
import type { Page } from '../common/page';
import type { SoundKind } from '../../ml/audio/decode/sniff';
import type { Figures } from './figures';
import type { Samples } from './samples';
import type { Track } from './track';

/** `index` tells the figures of two recordings apart; `named` where there are two. */
export function figuresView(page: Page<unknown>, index: number, named: boolean) {
  const { t, format } = page;
  const list = h('dl', { class: 'audio-figures' });
  const progress = h('p', { class: 'muted', attrs: { role: 'status' } });
  const element = h(
    'aside',
    { class: 'audio-side', attrs: { 'aria-labelledby': `figures-heading-${index}` } },
    h(named ? 'h3' : 'h2', { id: `figures-heading-${index}` }, t('audio.figures')),
    list,
    progress,
  );
  const row = (name: string, value: string, id: string, note?: string): HTMLElement =>
    h(
      'div',
      {},
      h('dt', {}, name),
      h('dd', { class: 'figure', attrs: { 'data-figure': id } }, h('bdi', {}, value)),
      note !== undefined && h('dd', { class: 'note' }, note),
    );
  let shown: unknown;
  return {
    element,
    show: ({ samples, scanned: { figures, done }, file }: Track): void => {
      progress.hidden = figures !== undefined;
      setText(progress, t('audio.reading', { share: format.percent(done / samples.frames, 0) }));
      // Written anew only when there is more to say: a view that scrolls changes none of it.
      const now = figures ?? samples;
      if (shown === now) return;
      shown = now;
      list.replaceChildren(
        ...header(samples, file.sizeBytes),
        ...(figures === undefined ? [] : measured(figures)),
      );
    },
  };

  function header(samples: Samples, sizeBytes: number): HTMLElement[] {
    const { wav, compressed, sampleRate, channels, seconds } = samples;
    const lossless = compressed?.kind === 'flac' || compressed?.kind === 'oggFlac';
    const bits = wav?.bitsPerSample ?? (lossless ? compressed.bits : undefined);
    const count =
      channels === 1
        ? t('audio.mono')
        : channels === 2
          ? t('audio.stereo')
          : t('audio.channels', { n: format.integer(channels) });
    return [
      row(t('audio.duration'), format.clock(seconds), 'duration'),
      row(t('audio.format'), formatOf(samples), 'format'),
      // The browser resamples what it decodes: its rate says nothing of the file.
      ...(samples.browserKind === undefined ? [row(t('audio.rate'), format.hertz(sampleRate), 'rate')] : []),
      row(t('audio.channelCount'), count, 'channels'),
      ...(bits === undefined
        ? []
        : [row(t('audio.bits'), t('audio.bitCount', { n: format.integer(bits) }), 'bits')]),
      row(t('audio.size'), format.bytes(sizeBytes), 'size'),
    ];
  }

  function formatOf({ wav, compressed, browserKind }: Samples): string {
    const encodings = { pcm: 'PCM', float: t('audio.float'), alaw: 'A-law', mulaw: 'µ-law' } as const;
    if (wav !== undefined) return `WAV · ${encodings[wav.encoding]}`;
    return formats[compressed?.kind ?? browserKind ?? 'wav'] ?? t('audio.compressed');
  }

  function measured({ peakDb, rmsDb, loudness, clippings, silence, dcOffset }: Figures): HTMLElement[] {
    const loud = loudness === undefined ? '–' : t('audio.lufs', { n: decimals(loudness) });
    return [
      row(t('audio.peak'), format.decibels(peakDb), 'peak'),
      row(t('audio.rms'), format.decibels(rmsDb), 'rms'),
      row(t('audio.loudness'), loud, 'loudness'),
      row(
        t('audio.clippings'),
        format.integer(clippings),
        'clippings',
        clippings > 0 ? t('audio.clipped') : undefined,
      ),
      row(t('audio.silence'), format.percent(silence), 'silence'),
      ...(Math.abs(dcOffset) > 0.001 ? [row(t('audio.dcOffset'), format.percent(dcOffset, 2), 'dc')] : []),
    ];
  }

  function decimals(value: number): string {
    return Number.isFinite(value) ? format.number(Math.round(value * 10) / 10, 4) : '−∞';
  }
}

const formats: Readonly<Partial<Record<SoundKind, string>>> = {
  mp3: 'MP3',
  flac: 'FLAC',
  opus: 'Ogg · Opus',
  vorbis: 'Ogg · Vorbis',
  oggFlac: 'Ogg · FLAC',
  mp4: 'M4A',
  aac: 'AAC',
  webm: 'WebM',
};
