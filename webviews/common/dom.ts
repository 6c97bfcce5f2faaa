/** The few DOM helpers the pages are built from; no framework. */

export type Child = Node | string | null | undefined | false;

export interface Props {
  readonly class?: string;
  readonly id?: string;
  readonly title?: string;
  readonly hidden?: boolean;
  readonly dir?: 'ltr' | 'rtl' | 'auto';
  /** Any further attributes, as they are written in HTML. `undefined` and `false` leave one out, `true` sets it empty. */
  readonly attrs?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly on?: { readonly [E in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[E]) => void };
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props?: Props,
  ...children: Child[]
): HTMLElementTagNameMap[K];
export function h(tag: string, props?: Props, ...children: Child[]): HTMLElement;
export function h(tag: string, props: Props = {}, ...children: Child[]): HTMLElement {
  const element = document.createElement(tag);
  if (props.class !== undefined) element.className = props.class;
  if (props.id !== undefined) element.id = props.id;
  if (props.title !== undefined) element.title = props.title;
  if (props.hidden !== undefined) element.hidden = props.hidden;
  if (props.dir !== undefined) element.dir = props.dir;
  for (const [name, value] of Object.entries(props.attrs ?? {})) setAttribute(element, name, value);
  for (const [event, handler] of Object.entries(props.on ?? {}))
    element.addEventListener(event, handler as EventListener);
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function setAttribute(
  element: Element,
  name: string,
  value: string | number | boolean | undefined,
): void {
  if (value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== (value === true ? '' : String(value)))
    element.setAttribute(name, value === true ? '' : String(value));
}

/** Writes text only when it differs: a screen reader repeats a live region on every write. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Makes `parent`'s children the elements of `items`, in order, reusing the element of the same key: focus,
 * selection and scroll position survive an update.
 */
export function keyed<T>(
  parent: Element,
  items: readonly T[],
  key: (item: T) => string,
  create: (item: T) => HTMLElement,
  update: (element: HTMLElement, item: T) => void,
): void {
  const old = new Map<string, HTMLElement>();
  for (const child of parent.children)
    if (child instanceof HTMLElement) old.set(child.dataset['key'] ?? '', child);
  items.forEach((item, index) => {
    const name = key(item);
    const element = old.get(name) ?? create(item);
    old.delete(name);
    element.dataset['key'] = name;
    update(element, item);
    if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null);
  });
  for (const left of old.values()) left.remove();
}
