/** A sound for a recogniser, and the language that it is to be heard in where the model knows several. */
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { audioInput } from './audioInput';
import { choice } from './fields';
import type { InputView } from './inputView';

/** Persian and its neighbours first; the model itself finds out any other. */
const languages = ['fa', 'en', 'ar', 'ku', 'az', 'tr', 'ps', 'ur', 'de', 'fr'] as const;

export interface ListenOptions {
  /** Whether it can be told the language. */
  readonly multilingual: boolean;
  readonly language: string;
  onLanguage(language: string): void;
  onClip(): void;
}

export function listenInput(page: Page<unknown>, options: ListenOptions): InputView {
  const { t } = page;
  const audio = audioInput(page, options.onClip, (error) => page.banner.show(error));
  if (!options.multilingual) return audio;
  const names = new Intl.DisplayNames([page.language], { type: 'language' });
  const language = choice({
    id: 'language',
    label: t('listen.language'),
    choices: [
      { value: '', label: t('listen.detect') },
      ...languages.map((code) => ({ value: code, label: names.of(code) ?? code })),
    ],
    value: options.language,
    onChange: options.onLanguage,
  });
  return {
    ...audio,
    element: h('div', { class: 'stack' }, language.element, audio.element),
    parameters: () => (language.value === '' ? {} : { language: language.value }),
  };
}
