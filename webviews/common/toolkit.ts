/**
 * The one module that knows the component library: pages build their controls with these functions, so that
 * another library can take its place here.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeProgressRing,
  vsCodeTextArea,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { h, setAttribute } from './dom';
import { icon, type IconName } from './icons';

export function registerToolkit(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeProgressRing(),
    vsCodeTextArea(),
    vsCodeTextField(),
  );
}

export interface ButtonOptions {
  readonly label: string;
  readonly icon?: IconName;
  /** `icon` shows the icon alone; the label becomes its name and tooltip. */
  readonly appearance?: 'primary' | 'secondary' | 'icon';
  readonly id?: string;
  readonly title?: string;
  onClick(): void;
}

export function button(options: ButtonOptions): HTMLElement {
  const bare = options.appearance === 'icon';
  const element = h('vscode-button', {
    ...(options.id === undefined ? {} : { id: options.id }),
    // The name must be there before the appearance: the component would call itself "Icon Button".
    attrs: {
      'aria-label': options.label,
      appearance: options.appearance ?? 'secondary',
      title: options.title ?? (bare ? options.label : undefined),
    },
    on: { click: () => options.onClick() },
  });
  if (options.icon !== undefined) {
    const image = icon(options.icon);
    if (!bare) image.setAttribute('slot', 'start');
    element.append(image);
  }
  if (!bare) element.append(options.label);
  return element;
}

/** A button whose icon, name and pressed state change with what it would do next. */
export function setIconButton(element: HTMLElement, name: IconName, label: string, pressed?: boolean): void {
  setAttribute(element, 'aria-label', label);
  setAttribute(element, 'title', label);
  setAttribute(element, 'aria-pressed', pressed === undefined ? undefined : String(pressed));
  if (element.dataset['icon'] === name) return;
  element.dataset['icon'] = name;
  element.replaceChildren(icon(name));
}

export function setDisabled(element: HTMLElement, disabled: boolean): void {
  setAttribute(element, 'disabled', disabled);
}

interface ValueElement extends HTMLElement {
  value: string;
}
interface CheckedElement extends HTMLElement {
  checked: boolean;
}

export interface Checkbox {
  readonly element: HTMLElement;
  checked: boolean;
}

export function checkbox(options: {
  readonly label: string;
  readonly checked: boolean;
  /** A checkbox that stands beside its visible words: the label is its name only. */
  readonly labelHidden?: boolean;
  readonly id?: string;
  onChange(checked: boolean): void;
}): Checkbox {
  const element = h(
    'vscode-checkbox',
    {
      ...(options.id === undefined ? {} : { id: options.id }),
      attrs: { 'aria-label': options.label },
    },
    options.labelHidden !== true && options.label,
  ) as CheckedElement;
  element.checked = options.checked;
  // The component also reports a change when the page sets `checked` itself.
  let known = options.checked;
  element.addEventListener('change', () => {
    if (element.checked === known) return;
    known = element.checked;
    options.onChange(known);
  });
  return {
    element,
    get checked() {
      return element.checked;
    },
    set checked(value) {
      known = value;
      element.checked = value;
    },
  };
}

export interface TextInput {
  readonly element: HTMLElement;
  value: string;
}

export function textField(options: {
  readonly label: string;
  readonly value: string;
  readonly id?: string;
  onInput?(value: string): void;
}): TextInput {
  const element = h(
    'vscode-text-field',
    {
      ...(options.id === undefined ? {} : { id: options.id }),
      attrs: { 'aria-label': options.label, value: options.value, dir: 'auto' },
    },
    options.label,
  ) as ValueElement;
  return wireInput(element, options.onInput);
}

export function textArea(options: {
  readonly label: string;
  readonly value: string;
  readonly rows: number;
  readonly id?: string;
  readonly dir?: 'ltr' | 'auto';
  onInput?(value: string): void;
}): TextInput {
  const element = h(
    'vscode-text-area',
    {
      ...(options.id === undefined ? {} : { id: options.id }),
      attrs: {
        'aria-label': options.label,
        rows: options.rows,
        resize: 'vertical',
      },
    },
    options.label,
  ) as ValueElement;
  element.value = options.value;
  directText(element, options.dir ?? 'auto');
  return wireInput(element, options.onInput);
}

/** On the control inside: on the element itself the label would decide, not what is written. */
function directText(element: HTMLElement, dir: 'ltr' | 'auto'): void {
  const set = (): void => element.shadowRoot?.querySelector('textarea')?.setAttribute('dir', dir);
  // The control is made when the element comes into the page.
  requestAnimationFrame(set);
  element.addEventListener('focusin', set);
  element.addEventListener('input', set);
}

function wireInput(element: ValueElement, onInput?: (value: string) => void): TextInput {
  element.addEventListener('input', () => onInput?.(element.value));
  return {
    element,
    get value() {
      return element.value;
    },
    set value(value) {
      element.value = value;
    },
  };
}

/** A spinner that always comes with its words. */
export function busy(words: string): HTMLElement {
  return h(
    'div',
    { class: 'busy', attrs: { role: 'status' } },
    h('vscode-progress-ring', { attrs: { 'aria-hidden': 'true' } }),
    h('span', {}, words),
  );
}
