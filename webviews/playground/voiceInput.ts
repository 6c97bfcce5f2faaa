/** A text for a voice, and how it is to be spoken. */
import type { VoicePreprocessing } from '../../ml/trained/metadata';
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { checkbox } from '../common/toolkit';
import { choice, numberField, slider } from './fields';
import type { InputView } from './inputView';
import type { SavedPlayground } from './saved';
import { textInput } from './textInput';

type Kept = Pick<SavedPlayground, 'text' | 'speed' | 'noise' | 'seed' | 'speaker' | 'live' | 'other'>;

export interface VoiceOptions {
  /** 1 for a voice of one person. */
  readonly speakers: number;
  /** What a voice varies by unless told; undefined for one that does not vary. */
  readonly noise: number | undefined;
  /** Whether a seed changes what is heard; true unless told. */
  readonly seeds?: boolean;
  /** Whether it can be heard while it speaks; true unless told. */
  readonly streams?: boolean;
  /** Voices that the text can be given to as well. */
  readonly others: readonly { readonly path: string; readonly name: string }[];
}

/** Rhythm varies by a little more than sound does, as the models' own defaults have it (0.8 to 0.667). */
const rhythm = 1.2;

export function voiceInput(
  page: Page<unknown>,
  saved: Kept,
  { speakers, noise, others, seeds = true, streams = true }: VoiceOptions,
  onChange: (part: Partial<Kept>) => void,
): InputView {
  const { t, format } = page;
  const text = textInput(page, 'text', saved.text, (value) => onChange({ text: value }));
  const speed = slider({
    id: 'speed',
    label: t('voice.speed'),
    min: 0.5,
    max: 2,
    step: 0.05,
    value: saved.speed ?? 1,
    tell: (value) => t('voice.times', { n: format.number(value, 2) }),
    onInput: (value) => onChange({ speed: value }),
  });
  let varied = saved.noise;
  const variation = slider({
    id: 'noise',
    label: t('voice.noise'),
    min: 0,
    max: 1.5,
    step: 0.01,
    value: saved.noise ?? noise ?? 0,
    tell: (value) => format.number(value, 2),
    onInput: (value) => {
      varied = value;
      onChange({ noise: value });
    },
  });
  let { seed, speaker = 0 } = saved;
  const seedField = numberField({
    id: 'seed',
    label: t('voice.seed'),
    title: t('voice.seedHint'),
    step: 1,
    value: seed,
    onInput: (value) => {
      seed = value;
      onChange({ seed: value });
    },
  });
  const speakerField = numberField({
    id: 'speaker',
    label: t('voice.speaker'),
    min: 0,
    max: speakers - 1,
    step: 1,
    value: Math.min(speaker, speakers - 1),
    onInput: (value) => {
      speaker = value ?? 0;
      onChange({ speaker });
    },
  });
  const live = checkbox({
    id: 'live',
    label: t('voice.live'),
    checked: saved.live ?? true,
    onChange: (is) => onChange({ live: is }),
  });
  const other = choice({
    id: 'other',
    label: t('voice.other'),
    choices: [
      { value: '', label: t('voice.noOther') },
      ...others.map(({ path, name }) => ({ value: path, label: name })),
    ],
    value: others.some(({ path }) => path === saved.other) ? (saved.other ?? '') : '',
    onChange: (path) => onChange({ other: path }),
  });
  const element = h(
    'div',
    { class: 'stack' },
    text.element,
    h('div', { class: 'row' }, speed.element, noise !== undefined && variation.element),
    h(
      'div',
      { class: 'row bottom' },
      seeds && seedField.element,
      speakers > 1 && speakerField.element,
      streams && live.element,
    ),
    others.length > 0 && other.element,
  );
  return {
    ...text,
    element,
    parameters: () => ({
      speakingRate: speed.value,
      ...(varied === undefined || noise === undefined
        ? {}
        : { noiseScale: varied, noiseScaleDuration: varied * rhythm }),
      ...(seed === undefined || !seeds ? {} : { seed }),
      ...(speakers > 1 ? { speaker: Math.min(speaker, speakers - 1) } : {}),
    }),
  };
}

/** The same for a voice that was trained here: it speaks in the page, and varies by its seed alone, with a vocoder not at all. */
export function trainedVoiceInput(
  page: Page<unknown>,
  saved: Kept,
  { vocoder }: Pick<VoicePreprocessing, 'vocoder'>,
  onChange: (part: Partial<Kept>) => void,
): InputView {
  const view = voiceInput(
    page,
    saved,
    { speakers: 1, noise: undefined, seeds: vocoder !== true, streams: false, others: [] },
    onChange,
  );
  const parameters = (): Record<string, unknown> => view.parameters?.() ?? {};
  const textOf = (given: object): string => ('text' in given ? String(given.text) : '');
  return {
    ...view,
    read: () => ({ kind: 'voice', text: textOf(view.read()), parameters: parameters() }),
    snippet: () => ({ kind: 'voice', text: textOf(view.snippet()), parameters: parameters() }),
  };
}
