/** A text to be gone on with, and how tokens are chosen. */
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { textField } from '../common/toolkit';
import { numberField } from './fields';
import type { InputView } from './inputView';
import type { SavedPlayground } from './saved';
import { textInput } from './textInput';

type Writing = NonNullable<SavedPlayground['writing']>;

const fresh: Writing = { maxTokens: 60, temperature: 0.8, topK: 50, topP: 0.95, repetitionPenalty: 1.1 };

export function writeInput(
  page: Page<unknown>,
  saved: Pick<SavedPlayground, 'text' | 'writing'>,
  onChange: (part: Pick<SavedPlayground, 'text' | 'writing'>) => void,
): InputView {
  const { t } = page;
  const text = textInput(page, 'text', saved.text, (value) => onChange({ text: value }));
  let writing: Writing = saved.writing ?? fresh;
  const set = (part: Partial<Writing>): void => {
    writing = { ...writing, ...part };
    onChange({ writing });
  };
  const field = (
    name: 'maxTokens' | 'temperature' | 'topK' | 'topP' | 'repetitionPenalty' | 'seed',
    label: string,
    range: { min?: number; max?: number; step: number | 'any'; title?: string },
  ): HTMLElement =>
    numberField({
      id: name,
      label,
      ...range,
      value: writing[name],
      onInput: (value) => set({ [name]: value ?? fresh[name] }),
    }).element;
  const stop = textField({
    id: 'stop-text',
    label: t('write.stop'),
    value: writing.stop ?? '',
    onInput: (value) => set({ stop: value }),
  });
  const element = h(
    'div',
    { class: 'stack' },
    text.element,
    h(
      'div',
      { class: 'fields' },
      field('maxTokens', t('write.most'), { min: 1, max: 2000, step: 1 }),
      field('temperature', t('write.temperature'), {
        min: 0,
        max: 5,
        step: 'any',
        title: t('write.temperatureHint'),
      }),
      field('topK', t('write.topK'), { min: 0, step: 1 }),
      field('topP', t('write.topP'), { min: 0.01, max: 1, step: 'any' }),
      field('repetitionPenalty', t('write.penalty'), { min: 0.1, max: 10, step: 'any' }),
      field('seed', t('voice.seed'), { step: 1, title: t('voice.seedHint') }),
      stop.element,
    ),
  );
  return {
    ...text,
    element,
    parameters: () => {
      const { stop: end = '', seed, ...numbers } = writing;
      return {
        ...numbers,
        ...(seed === undefined ? {} : { seed }),
        ...(end === '' ? {} : { stop: end }),
      };
    },
  };
}
