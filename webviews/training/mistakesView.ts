/** What a model got wrong: examples of a classifier, words of a pronunciation, and what is mistaken for what. */
import { align } from '../../ml/metrics/editDistance';
import { h } from '../common/dom';
import { isolate } from '../common/i18n/translate';
import type { Page } from '../common/page';
import type { Mispronounced, Mistake, Pronunciation } from './evaluation';
import { reportTable } from './reportTables';
import type { SamplePlayer } from './samplePlayer';

const auto = (text: string): HTMLElement => h('bdi', { dir: 'auto' }, text);

export function mistakeTable(
  page: Page<unknown>,
  mistakes: readonly Mistake[],
  player: SamplePlayer,
): HTMLElement {
  const { t, format } = page;
  if (mistakes.length === 0) return h('p', { class: 'muted' }, t('report.noMistakes'));
  const hasLines = mistakes.some(({ line }) => line !== undefined);
  const rows = mistakes.map(({ text, audioPath, label, predicted, score, line }) => {
    const name = text ?? audioPath?.split(/[\\/]/).at(-1) ?? '';
    const example = h(
      'span',
      { class: 'sample-input' },
      audioPath !== undefined && player.control(audioPath, isolate(name)),
      auto(name),
    );
    return [
      example,
      auto(label),
      auto(predicted),
      score === undefined ? '–' : format.percent(score),
      ...(hasLines ? [line === undefined ? '–' : format.integer(line)] : []),
    ];
  });
  return reportTable(
    page,
    'report.mistakes',
    [
      { head: 'samples.input' },
      { head: 'samples.truth' },
      { head: 'samples.predicted' },
      { head: 'samples.score', isNumber: true },
      ...(hasLines ? ([{ head: 'report.line', isNumber: true }] as const) : []),
    ],
    rows,
  );
}

/** Words, phonemes and stems that are mistaken; empty tables are left out. */
export function pronunciationTables(page: Page<unknown>, found: Pronunciation): HTMLElement[] {
  const { format } = page;
  const { examples, misheard, worstStems } = found;
  const words = examples.map((one) => [auto(one.word), phonemes(one.phonemes), answered(one)]);
  const sounds = misheard.map(({ is, heard, count }) => [
    phonemes(is),
    phonemes(heard),
    format.integer(count),
  ]);
  const hard = worstStems.filter(({ wer }) => wer > 0);
  const stems = hard.map(({ stem, words: n, per, wer }) => [
    auto(stem),
    format.integer(n),
    format.percent(per),
    format.percent(wer),
  ]);
  return [
    ...(words.length === 0
      ? []
      : [
          reportTable(
            page,
            'report.words',
            [{ head: 'report.word' }, { head: 'report.spoken' }, { head: 'samples.predicted' }],
            words,
          ),
        ]),
    ...(sounds.length === 0
      ? []
      : [
          reportTable(
            page,
            'report.sounds',
            [
              { head: 'samples.truth' },
              { head: 'samples.predicted' },
              { head: 'report.times', isNumber: true },
            ],
            sounds,
          ),
        ]),
    ...(stems.length === 0
      ? []
      : [
          reportTable(
            page,
            'report.stems',
            [
              { head: 'report.stem' },
              { head: 'report.stemWords', isNumber: true },
              { head: 'report.per', isNumber: true },
              { head: 'report.wer', isNumber: true },
            ],
            stems,
          ),
        ]),
  ];
}

const phonemes = (text: string): HTMLElement => h('bdi', { class: 'phonemes', dir: 'ltr' }, text);

/** What differs from the truth is marked; `∅` where a phoneme is missing. */
function answered({ phonemes: truth, answered: answer }: Mispronounced): HTMLElement {
  const parts = (text: string): string[] => text.split(' ').filter((one) => one !== '');
  const pieces = align(parts(truth), parts(answer)).flatMap(({ reference, hypothesis }) => {
    const shown = hypothesis ?? '∅';
    return [reference === hypothesis ? shown : h('mark', {}, shown), ' '];
  });
  return h('bdi', { class: 'phonemes', dir: 'ltr' }, ...pieces.slice(0, -1));
}
