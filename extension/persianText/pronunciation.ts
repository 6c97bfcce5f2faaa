/** How the words of a text are said, as Markdown. Pure. */
import type { SpokenWord } from '../../protocol/api/text';
import { formatNumber } from '../text/format';
import { reportTable } from '../commands/reportTable';
import { t } from '../text/translate';
import { escapeMarkdown } from '../views/looks/look';

/** A rendered table of more rows is slow. */
const mostRows = 2000;

export function pronunciationText(words: readonly SpokenWord[]): string {
  const title = `# ${t('Pronunciation')}`;
  if (words.length === 0) return `${title}\n\n${t('There is no word in it.')}`;
  const whole = words
    .slice(0, mostRows)
    .map(({ phonemes }) => phonemes.join(''))
    .join(' ');
  const rows = words
    .slice(0, mostRows)
    .map(({ word, phonemes, source }) => [
      escapeMarkdown(word),
      phonemes.length === 0 ? '—' : `/${escapeMarkdown(phonemes.join(' '))}/`,
      sourceName(source),
    ]);
  const more = words.length - mostRows;
  return [
    title,
    escapeMarkdown(whole),
    reportTable([t('Word'), t('Phonemes'), t('Who says so')], rows),
    ...(more > 0 ? [t('{0} more words are not shown.', formatNumber(more))] : []),
  ].join('\n\n');
}

function sourceName(source: SpokenWord['source']): string {
  switch (source) {
    case 'project':
      return t("the project's lexicon");
    case 'lexicon':
      return t('the lexicon that ships');
    case 'model':
      return t('the model');
    case undefined:
      return t('nobody');
  }
}
