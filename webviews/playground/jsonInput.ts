/** A model without metadata: its tensors as JSON. */
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { textArea } from '../common/toolkit';
import { exampleBareInput, parseBareInput } from './bareInput';
import type { InputView } from './inputView';
import type { InputShape } from './model';

export function jsonInput(
  page: Page<unknown>,
  inputs: readonly InputShape[],
  saved: string | undefined,
  onChange: (json: string) => void,
): InputView {
  const { t } = page;
  const area = textArea({
    id: 'json-input',
    label: t('input.json'),
    value: saved ?? exampleBareInput(inputs),
    rows: 8,
    dir: 'ltr',
    onInput: onChange,
  });
  area.element.classList.add('code-area');
  const wanted = inputs.map(({ name, shape, dtype }) =>
    h('li', {}, h('code', { dir: 'ltr' }, `${name}: ${dtype} [${shape.map((n) => n ?? '?').join(', ')}]`)),
  );
  const tensors = () => parseBareInput(area.value, inputs);
  return {
    element: h(
      'div',
      { class: 'stack' },
      h('p', { class: 'muted' }, t('input.jsonHint')),
      h('ul', { class: 'plain-list' }, ...wanted),
      area.element,
    ),
    read: () => ({ kind: 'bare', tensors: tensors() }),
    backend: () => ({
      values: Object.fromEntries(
        tensors().map(({ shape, data }, i) => [inputs[i]?.name ?? String(i), { shape, data }]),
      ),
    }),
    snippet: () => ({ kind: 'bare', tensors: tensors() }),
    remember: () => ({
      input: area.value.slice(0, 60),
      ...(area.value.length <= 20_000 ? { json: area.value } : {}),
    }),
    restore: ({ json }) => {
      if (json === undefined) return;
      area.value = json;
      onChange(json);
    },
  };
}
