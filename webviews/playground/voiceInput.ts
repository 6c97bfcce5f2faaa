/** A text for a voice, and how it is to be spoken. */
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { checkbox } from '../common/toolkit';
import type { InputView } from './inputView';
import type { SavedPlayground } from './saved';
import { textInput } from './textInput';

type Kept = Pick<SavedPlayground, 'text' | 'speed' | 'steady'>;

export function voiceInput(
  page: Page<unknown>,
  saved: Kept,
  onChange: (part: Partial<Kept>) => void,
): InputView {
  const { t, format } = page;
  const text = textInput(page, 'text', saved.text, (value) => onChange({ text: value }));
  const shown = h('span', { class: 'figure', attrs: { 'aria-hidden': 'true' } });
  const speed = h('input', {
    id: 'speed',
    attrs: { type: 'range', min: 0.5, max: 2, step: 0.05, value: saved.speed ?? 1 },
  });
  const tell = (): void => {
    shown.textContent = t('voice.times', { n: format.number(speed.valueAsNumber, 2) });
    speed.setAttribute('aria-valuetext', shown.textContent);
  };
  speed.addEventListener('input', () => {
    tell();
    onChange({ speed: speed.valueAsNumber });
  });
  tell();
  const steady = checkbox({
    id: 'steady',
    label: t('voice.steady'),
    checked: saved.steady ?? false,
    onChange: (is) => onChange({ steady: is }),
  });
  const element = h(
    'div',
    { class: 'stack' },
    text.element,
    h(
      'div',
      { class: 'row' },
      h('label', { attrs: { for: 'speed' } }, t('voice.speed')),
      speed,
      shown,
      steady.element,
    ),
  );
  return {
    ...text,
    element,
    parameters: () => ({
      speakingRate: speed.valueAsNumber,
      ...(steady.checked ? { noiseScale: 0, noiseScaleDuration: 0 } : {}),
    }),
  };
}
