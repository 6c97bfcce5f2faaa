/** Small labelled fields of the playground's forms: a slider with its value, a number, a choice. */
import { h } from '../common/dom';

export interface NumberInput {
  readonly element: HTMLElement;
  /** NaN where nothing is written. */
  readonly value: number;
}

export function slider(options: {
  readonly id: string;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  /** The value in words. */
  tell(value: number): string;
  onInput(value: number): void;
}): NumberInput {
  const { id, label, min, max, step, value } = options;
  const shown = h('span', { class: 'figure', attrs: { 'aria-hidden': 'true' } });
  const range = h('input', { id, attrs: { type: 'range', min, max, step, value } });
  const tell = (): void => {
    shown.textContent = options.tell(range.valueAsNumber);
    range.setAttribute('aria-valuetext', shown.textContent);
  };
  range.addEventListener('input', () => {
    tell();
    options.onInput(range.valueAsNumber);
  });
  tell();
  return {
    element: h('div', { class: 'slider' }, h('label', { attrs: { for: id } }, label), range, shown),
    get value() {
      return range.valueAsNumber;
    },
  };
}

export function numberField(options: {
  readonly id: string;
  readonly label: string;
  readonly title?: string;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number | 'any';
  readonly value: number | undefined;
  /** Undefined where nothing is written, or nothing that fits. */
  onInput(value: number | undefined): void;
}): NumberInput {
  const { id, label, title, min, max, step, value } = options;
  const input = h('input', {
    id,
    ...(title === undefined ? {} : { title }),
    attrs: { type: 'number', min, max, step, value },
  });
  input.addEventListener('input', () =>
    options.onInput(input.validity.valid && input.value !== '' ? input.valueAsNumber : undefined),
  );
  return {
    element: h('div', { class: 'field' }, h('label', { attrs: { for: id } }, label), input),
    get value() {
      return input.valueAsNumber;
    },
  };
}

export interface Choice<T extends string> {
  readonly element: HTMLElement;
  readonly value: T;
}

export function choice<T extends string>(options: {
  readonly id: string;
  readonly label: string;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly value: T;
  onChange(value: T): void;
}): Choice<T> {
  const { id, label, choices } = options;
  const select = h(
    'select',
    { id },
    ...choices.map((one) => h('option', { attrs: { value: one.value } }, one.label)),
  );
  const known = (): T => choices.find(({ value }) => value === select.value)?.value ?? options.value;
  select.value = options.value;
  select.addEventListener('change', () => options.onChange(known()));
  return {
    element: h('label', { class: 'inline' }, label, select),
    get value() {
      return known();
    },
  };
}
