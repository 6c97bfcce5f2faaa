/** The right side of the playground: the answer with its figures, and the backend's beside it when asked. */
import { h } from '../common/dom';
import { isolate } from '../common/i18n/translate';
import type { Page } from '../common/page';
import { spokenWords } from './backendOutput';
import { largestDifference } from './difference';
import type { PassedOver } from './engineNames';
import { reasonOf } from './engineReasons';
import type { ModelOutput } from './model';
import type { Freed } from './published/work';
import { soundView, taggedView, transcriptView } from './publishedViews';

export interface Answer {
  /** Absent: in the page. */
  readonly place?: 'backend';
  /** Whose it is, where several answer. */
  readonly title?: string;
  readonly engine: string;
  readonly loadMs: number;
  readonly output: ModelOutput;
  readonly passedOver?: readonly PassedOver[];
  /** Milliseconds from the question to the first sound. */
  readonly firstMs?: number | undefined;
  readonly tensors?: number | undefined;
  /** Bytes, where they are known. */
  readonly memory?: number | undefined;
  /** Seconds of sound. */
  readonly seconds?: number | undefined;
}

const shownLabels = 12;

/** `tensors` shows what a bare model answered. */
export function resultView(
  page: Page<unknown>,
  tensors: (values: NonNullable<ModelOutput['values']>) => HTMLElement,
) {
  const { t, format } = page;
  const content = h('div', { class: 'stack' }, h('p', { class: 'muted' }, t('result.none')));
  // For programs that read the page: exact numbers, not the rounded ones of the bars.
  const exact = h('output', { hidden: true, attrs: { 'data-result': '' } });
  const exactBackend = h('output', { hidden: true, attrs: { 'data-backend-result': '' } });
  /** What the page's tensors hold after a model was given back. */
  const freed = h('output', { hidden: true, attrs: { 'data-freed': '' } });
  const element = h('div', { class: 'stack' }, content, exact, exactBackend, freed);

  const show = (here: Answer, there?: Answer | { readonly note: string }): void => {
    exact.textContent = JSON.stringify(exactOf(here));
    exactBackend.textContent = there === undefined || 'note' in there ? '' : JSON.stringify(exactOf(there));
    const parts = [block(here, titleOf(here))];
    if (there !== undefined && 'note' in there) parts.push(h('p', { class: 'muted' }, there.note));
    else if (there !== undefined) {
      parts.push(block(there, titleOf(there), 'second'));
      const difference = largestDifference(here.output, there.output);
      if (difference !== undefined)
        parts.push(
          h('p', { class: 'muted figure' }, t('result.difference', { n: format.number(difference, 2) })),
        );
    }
    content.replaceChildren(...parts);
    const best = here.output.labels?.[0];
    if (here.output.words !== undefined) page.announce(spokenWords(here.output) ?? '');
    if (best !== undefined) page.announce(`${best.label}: ${format.percent(best.score)}`);
    const { amounts, sound, transcript } = here.output;
    if (sound !== undefined) page.announce(t('voice.ready'));
    if (transcript !== undefined) page.announce(transcript.text);
    if (amounts !== undefined)
      page.announce(amounts.map(({ name, value }) => `${name}: ${format.number(value)}`).join(' · '));
  };
  return {
    element,
    show,
    /** While an answer is made; beside one that is there already. */
    live: (view: HTMLElement, beside?: Answer): void => {
      exact.textContent = '';
      exactBackend.textContent = '';
      content.replaceChildren(...(beside === undefined ? [] : [block(beside, titleOf(beside))]), view);
    },
    freed: (now: Freed): void => {
      freed.textContent = JSON.stringify(now);
    },
    clear: (): void => {
      exact.textContent = '';
      exactBackend.textContent = '';
      content.replaceChildren(h('p', { class: 'muted' }, t('result.none')));
    },
  };

  function titleOf({ place, title }: Answer): string {
    const where = t(place === 'backend' ? 'result.backend' : 'result.here');
    return title === undefined ? where : `${isolate(title)} · ${where}`;
  }

  function block({ output, ...figures }: Answer, title: string, which = ''): HTMLElement {
    return h(
      'div',
      { class: 'stack' },
      h('h3', {}, title),
      output.labels !== undefined && bars(output.labels, title),
      output.amounts !== undefined && named(output.amounts),
      output.words !== undefined && spoken(output.words),
      output.sound !== undefined && soundView(page, output.sound, which),
      output.transcript !== undefined && transcriptView(page, output.transcript, output.written),
      output.filled !== undefined && h('p', { class: 'transcript', dir: 'auto' }, output.filled),
      output.tagged !== undefined && taggedView(page, output.tagged),
      output.values !== undefined && tensors(output.values),
      h('p', { class: 'muted figure figures' }, figureWords(figures, output.runMs)),
    );
  }

  function bars(labels: NonNullable<ModelOutput['labels']>, title: string): HTMLElement {
    const items = labels.slice(0, shownLabels).map(({ label, score }, i) => {
      const percent = format.percent(score);
      const bar = h('div', {
        class: 'meter',
        attrs: {
          role: 'meter',
          'aria-label': label,
          'aria-valuemin': 0,
          'aria-valuemax': 1,
          'aria-valuenow': score,
          'aria-valuetext': percent,
        },
      });
      bar.style.setProperty('--score', String(score));
      return h(
        'li',
        { class: i === 0 ? 'best-label' : '', attrs: { 'data-label': label } },
        h('span', { class: 'label' }, h('bdi', {}, label)),
        h('span', { class: 'figure' }, percent),
        bar,
      );
    });
    return h('ul', { class: 'bars', attrs: { role: 'list', 'aria-label': title } }, ...items);
  }

  function named(amounts: NonNullable<ModelOutput['amounts']>): HTMLElement {
    const rows = amounts.flatMap(({ name, value }) => [
      h('dt', {}, h('bdi', {}, name)),
      h('dd', { attrs: { 'data-amount': name } }, format.number(value)),
    ]);
    return h('dl', { class: 'amounts' }, ...rows);
  }

  /** Words as they are written, their phonemes from left to right. */
  function spoken(words: NonNullable<ModelOutput['words']>): HTMLElement {
    const rows = words.map(({ word, phonemes }) =>
      h(
        'tr',
        {},
        h('td', { dir: 'auto' }, word),
        h(
          'td',
          { dir: 'ltr', class: 'phonemes' },
          phonemes.length === 0 ? t('result.notSpoken') : phonemes.join(' '),
        ),
      ),
    );
    return h(
      'table',
      { class: 'spoken', attrs: { 'aria-label': t('result.phonemes') } },
      h('tbody', {}, ...rows),
    );
  }

  function figureWords(figures: Omit<Answer, 'output' | 'place'>, runMs: number): string {
    const { engine, loadMs, firstMs, memory, tensors, seconds } = figures;
    const parts = [
      isolate(engine),
      t('result.loaded', { time: format.milliseconds(loadMs) }),
      t('result.ran', { time: format.milliseconds(runMs) }),
    ];
    if (firstMs !== undefined) parts.push(t('result.first', { time: format.milliseconds(firstMs) }));
    if (seconds !== undefined && seconds > 0)
      parts.push(t('result.realTime', { n: format.number(runMs / 1000 / seconds, 2) }));
    if (memory !== undefined) parts.push(t('result.memory', { size: format.bytes(memory) }));
    if (tensors !== undefined) parts.push(t('result.tensors', { n: format.integer(tensors) }));
    for (const passed of figures.passedOver ?? []) parts.push(isolate(reasonOf(passed, t)));
    return parts.join(' · ');
  }
}

function exactOf({ engine, place, loadMs, firstMs, tensors, output }: Answer): Record<string, unknown> {
  return {
    engine,
    place: place ?? 'page',
    loadMs,
    firstMs,
    tensors,
    runMs: output.runMs,
    labels: output.labels,
    amounts: output.amounts,
    values: output.values?.map(headOf),
    words: output.words,
    samples: output.sound?.samples.length,
    transcript: output.transcript,
    tagged: output.tagged,
    written: output.written,
  };
}

/** A program that reads the page needs no million numbers. */
const mostExact = 5000;

function headOf({ data, ...rest }: NonNullable<ModelOutput['values']>[number]): object {
  return { ...rest, data: data.slice(0, mostExact) };
}
