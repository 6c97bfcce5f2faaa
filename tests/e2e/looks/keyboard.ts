/** Through a page by Tab alone, as people go who use no mouse. */
import type { Frame, Page } from 'playwright-core';

interface Step {
  /** Which control has the focus; undefined once it left the page. */
  readonly at: string | undefined;
  /** The control before, when nothing showed that it had the focus. */
  readonly unseen: string | undefined;
}

/** More stops than any page has: a walk that is longer goes round in a trap. */
const mostStops = 400;

/** What is wrong: controls that Tab does not come to, that do not show the focus, or that do not let it go. */
export async function keyboardFaults(page: Page, frame: Frame): Promise<string[]> {
  await frame.evaluate(begin);
  const reached = new Set<string>();
  const faults: string[] = [];
  for (let stops = 0; ; stops += 1) {
    await page.keyboard.press('Tab');
    const { at, unseen } = await frame.evaluate(step);
    if (unseen !== undefined) faults.push(`the focus is not seen: ${unseen}`);
    if (at === undefined) break;
    reached.add(at);
    if (stops > mostStops) {
      faults.push(`the focus does not leave: ${at}`);
      break;
    }
  }
  const controls = await frame.evaluate(end);
  return [...faults, ...controls.filter((one) => !reached.has(one)).map((one) => `Tab passes over: ${one}`)];
}

interface Walk {
  name(element: Element): string;
  /** What a focus may change about an element. */
  looks(element: Element): string;
  before?: { readonly element: Element; readonly looks: string };
}
type WithWalk = typeof globalThis & { goyaWalk: Walk };

/** In the page. Puts the focus before its first control. */
function begin(): void {
  const names = new Map<Element, string>();
  const name = (element: Element): string => {
    const known = names.get(element);
    if (known !== undefined) return known;
    const label = element.getAttribute('aria-label') ?? element.textContent;
    const made = `${element.tagName.toLowerCase()}#${element.id} "${label.trim().slice(0, 30)}" (${String(names.size)})`;
    names.set(element, made);
    return made;
  };
  const looks = (element: Element): string => {
    const inner = element.shadowRoot?.querySelectorAll('*') ?? [];
    const seen = [element, element.parentElement, ...element.children, ...inner];
    const parts = seen.map((one) => {
      if (one === null) return '';
      const style = getComputedStyle(one);
      return [style.outline, style.boxShadow, style.borderColor, style.backgroundColor].join();
    });
    return parts.join('|');
  };
  (globalThis as WithWalk).goyaWalk = { name, looks };
  document.body.tabIndex = -1;
  document.body.focus();
}

/** In the page, after a key. */
function step(): Step {
  const walk = (globalThis as WithWalk).goyaWalk;
  const { before } = walk;
  const active = document.activeElement;
  const at = document.hasFocus() && active !== null && active !== document.body ? active : undefined;
  // Controls inside of a player are the browser's own, as is their ring.
  const same = before === undefined || before.element === at || before.element.tagName === 'AUDIO';
  const unseen = same || walk.looks(before.element) !== before.looks ? undefined : walk.name(before.element);
  if (at === undefined) delete walk.before;
  else walk.before = { element: at, looks: walk.looks(at) };
  return { at: at === undefined ? undefined : walk.name(at), unseen };
}

/** In the page. Names of all controls that can be used now. */
function end(): string[] {
  document.body.removeAttribute('tabindex');
  const { name } = (globalThis as WithWalk).goyaWalk;
  const all = document.querySelectorAll<HTMLElement>(
    'a[href], button, input, select, textarea, summary, [tabindex], vscode-button, vscode-checkbox, vscode-text-field',
  );
  return [...all]
    .filter((one) => one.tabIndex >= 0 || one.tagName.startsWith('VSCODE-'))
    .filter((one) => !one.matches(':disabled, [disabled], [tabindex="-1"]'))
    .filter((one) => one.checkVisibility({ visibilityProperty: true }))
    .map(name);
}
