/** The small parts that the form is built from. */
import { MlError } from '../../../ml/errors';
import { h } from '../../common/dom';
import type { Page } from '../../common/page';
import { textField } from '../../common/toolkit';

export function select<T extends string>(options: {
  readonly label: string;
  readonly id: string;
  readonly choices: readonly (readonly [T, string])[];
  readonly value: T;
  onChange(value: T): void;
}): HTMLElement {
  const list = h('select', {
    id: options.id,
    on: {
      change: () => {
        const chosen = options.choices.find(([value]) => value === list.value)?.[0];
        if (chosen !== undefined) options.onChange(chosen);
      },
    },
  });
  list.append(
    ...options.choices.map(([value, label]) =>
      h('option', { attrs: { value, selected: value === options.value } }, label),
    ),
  );
  return h('label', { class: 'choice' }, h('span', {}, options.label), list);
}

/** A number as it is typed; in Persian digits too. */
export function numberField(
  page: Page<unknown>,
  options: {
    readonly label: string;
    readonly id: string;
    readonly value: string;
    onInput(value: string): void;
  },
) {
  const field = textField(options);
  return {
    element: field.element,
    /** Undefined where nothing is typed. Throws `input.invalid`. */
    read: (): number | undefined => {
      const text = field.value
        .trim()
        .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0))
        .replace('٫', '.');
      if (text === '') return undefined;
      const value = Number(text);
      if (Number.isFinite(value)) return value;
      throw new MlError('input.invalid', page.t('bare.notWhole', { name: options.label }));
    },
  };
}

/** A place for dropped files. */
export function acceptDrops(place: HTMLElement, take: (file: File) => void): void {
  const mark = (over: boolean) => (event: DragEvent) => {
    event.preventDefault();
    place.classList.toggle('over', over);
  };
  place.addEventListener('dragover', mark(true));
  place.addEventListener('dragleave', mark(false));
  place.addEventListener('drop', (event) => {
    mark(false)(event);
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) take(file);
  });
}
