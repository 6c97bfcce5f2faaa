/** The transcript beside the recording: what sounds is marked, and what is clicked is heard. */
import { inferenceRun } from '../../protocol/api/inference';
import type { AudioInput } from '../../protocol/api/panel';
import { parseTranscript, transcriptOfRow } from '../../ml/transcript/parse';
import { indexAt, segmentOf, type Segment } from '../../ml/transcript/transcript';
import * as z from 'zod';
import { h } from '../common/dom';
import { isolate } from '../common/i18n/translate';
import type { Page } from '../common/page';
import { button, setDisabled } from '../common/toolkit';
import type { Track } from './track';

const heardSegments = z.array(z.object({ start: z.number(), end: z.number(), text: z.string() }));

export interface TranscriptActions {
  hear(from: number, to: number): void;
  onError(error: unknown): void;
}

interface Row {
  readonly element: HTMLElement;
  readonly words: readonly HTMLElement[];
  readonly segment: Segment;
}

/** Undefined where nothing is known to be said and nothing here could tell. */
export function transcriptView(page: Page<AudioInput>, track: Track, actions: TranscriptActions) {
  const { t, format } = page;
  const { transcript } = track.file;
  const recognisers = page.input.recognisers;
  const found = foundIn(track);
  if (found === undefined && recognisers.length === 0) return undefined;
  const list = h('ol', { class: 'transcript' });
  const note = h('p', { class: 'muted', attrs: { role: 'status' } });
  let rows: readonly Row[] = [];
  let now: HTMLElement | undefined;

  const show = (segments: readonly Segment[], source: string): void => {
    rows = segments.map((segment) => row(segment));
    list.replaceChildren(...rows.map(({ element }) => element));
    const estimated = segments.some((segment) => segment.estimated);
    note.textContent = [
      t('audio.transcriptFrom', { name: isolate(source) }),
      ...(estimated ? [t('audio.transcriptEstimated')] : []),
    ].join(' ');
  };

  function row(segment: Segment): Row {
    const start = format.clock(segment.from, 1);
    const words = segment.words.map((word) =>
      h(
        'button',
        {
          class: 'word',
          attrs: { type: 'button' },
          on: { click: () => actions.hear(word.from, word.to) },
        },
        word.text,
      ),
    );
    const play = h(
      'button',
      {
        class: 'segment-time',
        attrs: { type: 'button', 'aria-label': t('audio.hearSegment', { time: start }) },
        on: { click: () => actions.hear(segment.from, segment.to) },
      },
      start,
    );
    const said = h('p', {}, ...words.flatMap((word) => [word, ' ']));
    // The time stands where the text begins, whatever the direction of the page.
    return { element: h('li', { attrs: { dir: 'auto' } }, play, said), words, segment };
  }

  if (found !== undefined) show(found, transcript?.name ?? '');
  const element = h(
    'section',
    { class: 'transcript-part', attrs: { 'aria-label': t('audio.transcript') } },
    h('h2', {}, t('audio.transcript')),
    recognisers.length > 0 && recogniser(page, track, show, actions.onError),
    note,
    list,
  );
  return {
    element,
    /** Seconds of the recording. */
    setTime: (time: number): void => {
      const at = indexAt(
        rows.map(({ segment }) => segment),
        time,
      );
      const current = at === undefined ? undefined : rows[at];
      const word = current === undefined ? undefined : indexAt(current.segment.words, time);
      const next = word === undefined ? undefined : current?.words[word];
      if (next === now) return;
      now?.removeAttribute('aria-current');
      next?.setAttribute('aria-current', 'true');
      if (next !== undefined && current?.element.contains(document.activeElement) !== true)
        current?.element.scrollIntoView({ block: 'nearest' });
      now = next;
    },
  };
}

function foundIn({ file: { transcript }, samples }: Track): Segment[] | undefined {
  if (transcript === undefined) return undefined;
  return transcript.row === undefined
    ? parseTranscript(transcript.name, transcript.text, samples.seconds)
    : transcriptOfRow(transcript.text.split('\n'), transcript.row, samples.seconds);
}

/** Asks a downloaded recogniser through the backend. */
function recogniser(
  page: Page<AudioInput>,
  track: Track,
  show: (segments: readonly Segment[], source: string) => void,
  onError: (error: unknown) => void,
): HTMLElement {
  const { t } = page;
  const { recognisers } = page.input;
  const select = h(
    'select',
    { id: 'recogniser', attrs: { 'aria-label': t('audio.recogniser') } },
    ...recognisers.map(({ name }, index) => h('option', { attrs: { value: index } }, isolate(name))),
  );
  const run = async (): Promise<void> => {
    const model = recognisers[Number(select.value)];
    const audioPath = track.file.path;
    if (model === undefined || audioPath === undefined) return;
    setDisabled(start, true);
    page.announce(t('audio.transcribing'));
    start.textContent = t('audio.transcribing');
    try {
      const { output } = await page.peer.call(inferenceRun, { modelPath: model.path, input: { audioPath } });
      const parts = heardSegments.safeParse(output.values);
      const segments = parts.success
        ? parts.data.map(({ start: from, end, text }) => segmentOf(from, end, text))
        : [segmentOf(0, track.samples.seconds, output.text ?? '')];
      show(segments, model.name);
    } catch (error) {
      onError(error);
    } finally {
      setDisabled(start, false);
      start.textContent = t('audio.transcribe');
    }
  };
  const start = button({ id: 'transcribe', label: t('audio.transcribe'), onClick: () => void run() });
  return h('div', { class: 'row' }, select, start);
}
