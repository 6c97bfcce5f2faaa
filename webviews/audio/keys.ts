/** What the keyboard does on the audio page. */

export type KeyAction =
  | { readonly kind: 'toggle' | 'loop' | 'fit' | 'clear' | 'start' | 'end' | 'slower' | 'faster' | 'other' }
  | { readonly kind: 'seek'; readonly seconds: number }
  | { readonly kind: 'zoom'; readonly factor: number };

interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** Undefined for keys that are not ours. Arrows follow time, which runs left to right in every language. */
export function keyAction(event: Key): KeyAction | undefined {
  if (event.ctrlKey || event.metaKey) return undefined;
  const step = event.shiftKey ? 5 : event.altKey ? 0.1 : 1;
  switch (event.key) {
    case ' ':
      return { kind: 'toggle' };
    case 'ArrowLeft':
      return { kind: 'seek', seconds: -step };
    case 'ArrowRight':
      return { kind: 'seek', seconds: step };
    case 'Home':
      return { kind: 'start' };
    case 'End':
      return { kind: 'end' };
    case '+':
    case '=':
      return { kind: 'zoom', factor: 2 };
    case '-':
    case '_':
      return { kind: 'zoom', factor: 0.5 };
    case '0':
      return { kind: 'fit' };
    case 'l':
    case 'L':
    // The same key on a Persian keyboard.
    case 'م':
      return { kind: 'loop' };
    case 'Escape':
      return { kind: 'clear' };
    case 'x':
    case 'X':
    case 'ط':
      return { kind: 'other' };
    case '<':
      return { kind: 'slower' };
    case '>':
      return { kind: 'faster' };
    default:
      return undefined;
  }
}

/** Controls that use these keys themselves. */
export function belongsToControl(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('select, input, textarea') !== null) return true;
  return (key === ' ' || key === 'Enter') && target.closest('vscode-button, button, summary, a') !== null;
}
