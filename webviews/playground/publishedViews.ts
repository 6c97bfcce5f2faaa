/** What downloaded models answer: a sound, a transcript, words with their labels. */
import { panelCopy, panelSaveFile } from '../../protocol/api/panel';
import { transcriptFile, transcriptFormats } from '../../protocol/model/transcript';
import { toBase64 } from '../common/base64';
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { button } from '../common/toolkit';
import { choice } from './fields';
import { drawPeaks } from './miniWave';
import type { ModelOutput } from './model';

/** Their addresses stay until the next sound is shown in the same place: the player reads from them while it plays. */
const shownSounds = new Map<string, string>();

export function soundView(
  page: Page<unknown>,
  { wav, samples, sampleRate }: NonNullable<ModelOutput['sound']>,
  /** Two sounds may stand side by side. */
  which = '',
): HTMLElement {
  const { t, format } = page;
  const before = shownSounds.get(which);
  if (before !== undefined) URL.revokeObjectURL(before);
  const address = URL.createObjectURL(new Blob([new Uint8Array(wav)], { type: 'audio/wav' }));
  shownSounds.set(which, address);
  const id = (name: string): string => (which === '' ? name : `${name}-${which}`);
  const wave = h('canvas', {
    id: id('spoken-wave'),
    class: 'mini-wave ltr',
    attrs: { role: 'img', 'aria-label': t('voice.wave') },
  });
  // It has no size until it stands in the page.
  requestAnimationFrame(() => drawPeaks(wave, samples));
  const player = h('audio', {
    id: id('spoken'),
    attrs: { controls: true, src: address, 'aria-label': t('voice.play') },
  });
  const save = (): void => {
    const file = { title: t('voice.save'), name: 'speech.wav', base64: toBase64(wav) };
    page.peer.call(panelSaveFile, file).then(
      (saved) => {
        if (saved !== null) page.announce(t('voice.saved', { path: saved.path }));
      },
      (error: unknown) => page.banner.show(error),
    );
  };
  const facts = `${format.duration(samples.length / sampleRate)} · ${format.hertz(sampleRate)}`;
  return h(
    'div',
    { class: 'stack' },
    wave,
    player,
    h(
      'div',
      { class: 'row' },
      button({ id: id('save-sound'), label: t('voice.save'), icon: 'save', onClick: save }),
      h('span', { class: 'muted figure' }, facts),
    ),
  );
}

export function transcriptView(
  page: Page<unknown>,
  { text, segments }: NonNullable<ModelOutput['transcript']>,
  written?: ModelOutput['written'],
): HTMLElement {
  const { t, format } = page;
  if (text.trim() === '') return h('p', { class: 'muted' }, t('transcript.none'));
  const copy = (): void => {
    page.peer.call(panelCopy, { text }).then(
      () => page.announce(t('transcript.copied')),
      (error: unknown) => page.banner.show(error),
    );
  };
  const rows = segments.map((segment) =>
    h(
      'tr',
      {},
      h(
        'td',
        { dir: 'ltr', class: 'figure muted' },
        `${format.clock(segment.start, 2)} – ${format.clock(segment.end, 2)}`,
      ),
      h('td', { dir: 'auto' }, segment.text),
    ),
  );
  return h(
    'div',
    { class: 'stack' },
    h('p', { id: 'transcript', class: 'transcript', dir: 'auto' }, text),
    h(
      'div',
      { class: 'row' },
      button({ id: 'copy-transcript', label: t('transcript.copy'), icon: 'copy', onClick: copy }),
      segments.length > 0 && saveTranscript(page, { text, segments }),
      written !== undefined &&
        h(
          'span',
          { class: 'muted' },
          `${t('write.writing', { n: format.integer(written.tokens) })} ${t(`write.finished.${written.finished}`)}`,
        ),
    ),
    rows.length > 0 && table(t('transcript.times'), rows),
  );
}

/** As text, subtitles or JSON. */
function saveTranscript(
  page: Page<unknown>,
  transcript: NonNullable<ModelOutput['transcript']>,
): HTMLElement {
  const { t } = page;
  const format = choice({
    id: 'transcript-format',
    label: t('listen.saveAs'),
    choices: transcriptFormats.map((value) => ({ value, label: value })),
    value: 'srt',
    onChange: () => undefined,
  });
  const save = (): void => {
    const bytes = new TextEncoder().encode(transcriptFile(transcript, format.value));
    const file = { title: t('listen.save'), name: `transcript.${format.value}`, base64: toBase64(bytes) };
    page.peer.call(panelSaveFile, file).then(
      (saved) => {
        if (saved !== null) page.announce(t('listen.saved', { path: saved.path }));
      },
      (error: unknown) => page.banner.show(error),
    );
  };
  return h(
    'span',
    { class: 'row' },
    format.element,
    button({ id: 'save-transcript', label: t('listen.save'), icon: 'save', onClick: save }),
  );
}

export function taggedView(page: Page<unknown>, words: NonNullable<ModelOutput['tagged']>): HTMLElement {
  const rows = words.map(({ word, label }) =>
    h('tr', {}, h('td', { dir: 'auto' }, word), h('td', { dir: 'auto' }, label)),
  );
  return table(page.t('result.tagged'), rows);
}

function table(label: string, rows: readonly HTMLElement[]): HTMLElement {
  return h(
    'div',
    { class: 'table-place', attrs: { tabindex: 0, role: 'region', 'aria-label': label } },
    h('table', { class: 'spoken', attrs: { 'aria-label': label } }, h('tbody', {}, ...rows)),
  );
}
