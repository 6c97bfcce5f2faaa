/** A text for a model that reads: words to be pronounced, sentences to be told apart. */
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { textArea } from '../common/toolkit';
import { MlError } from '../../ml/errors';
import type { InputView } from './inputView';

export function textInput(
  page: Page<unknown>,
  kind: 'text' | 'graphemes',
  saved: string | undefined,
  onChange: (text: string) => void,
): InputView {
  const { t } = page;
  const area = textArea({
    id: 'text-input',
    label: t('input.text'),
    value: saved ?? t('input.textExample'),
    rows: 4,
    dir: 'auto',
    onInput: onChange,
  });
  const read = (): string => {
    const text = area.value.trim();
    if (text === '') throw new MlError('input.invalid', t('input.textEmpty'));
    return text;
  };
  return {
    element: h(
      'div',
      { class: 'stack' },
      area.element,
      kind === 'graphemes' && h('p', { class: 'muted' }, t('input.textHint')),
    ),
    read: () => ({ kind, text: read() }),
    backend: () => ({ text: read() }),
    snippet: () => ({ kind, text: area.value.trim() }),
    remember: () => ({ input: area.value.trim().slice(0, 60), text: area.value.slice(0, 20_000) }),
    restore: ({ text }) => {
      if (text === undefined) return;
      area.value = text;
      onChange(text);
    },
  };
}
