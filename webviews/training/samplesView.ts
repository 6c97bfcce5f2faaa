/** What the model says of a few validation examples, after each epoch. */
import { trainingSamples } from '../../protocol/api/training';
import type { EpochSamples, Run, SamplePrediction } from '../../protocol/model/run';
import { h, setAttribute, setText } from '../common/dom';
import { icon } from '../common/icons';
import { isolate } from '../common/i18n/translate';
import type { Page } from '../common/page';
import { picturesView } from './picturesView';
import { samplePlayer } from './samplePlayer';

export function samplesView(page: Page<unknown>) {
  const { t, format } = page;
  const player = samplePlayer(page);
  const pictures = picturesView(page);
  const slider = h('input', { id: 'sample-epoch', attrs: { type: 'range', min: 0, step: 1, dir: 'ltr' } });
  const shownEpoch = h('output', { class: 'figure', attrs: { for: 'sample-epoch' } });
  const summary = h('span', { class: 'muted figure' });
  const body = h('tbody');
  const inputHead = h('th', { attrs: { scope: 'col' } }, t('samples.input'));
  const heads = (['truth', 'predicted', 'score', 'result'] as const).map((key) =>
    h('th', { class: key === 'score' ? 'number' : '', attrs: { scope: 'col' } }, t(`samples.${key}`)),
  );
  const element = h(
    'section',
    { class: 'section samples', hidden: true, attrs: { 'aria-labelledby': 'samples-heading' } },
    h('h2', { id: 'samples-heading' }, t('samples.heading')),
    h(
      'div',
      { class: 'row' },
      h('label', { class: 'inline', attrs: { for: 'sample-epoch' } }, t('samples.epoch')),
      slider,
      shownEpoch,
      summary,
    ),
    h(
      'div',
      { class: 'scroll', attrs: { tabindex: 0, role: 'group', 'aria-labelledby': 'samples-heading' } },
      h('table', {}, h('thead', {}, h('tr', {}, inputHead, ...heads)), body),
    ),
    pictures.element,
  );
  let epochs: readonly EpochSamples[] = [];
  /** The epoch that was chosen; undefined follows the newest. */
  let chosen: number | undefined;
  let rendered = '';
  slider.addEventListener('input', () => {
    const at = slider.valueAsNumber;
    chosen = at === epochs.length - 1 ? undefined : epochs[at]?.epoch;
    render();
  });
  const load = loader(page, (runId, answer, isOther) => {
    if (isOther) {
      chosen = undefined;
      player.stop();
    }
    element.dataset['run'] = runId;
    epochs = answer;
    render();
  });
  return {
    element,
    show: (run: Run | undefined): void => {
      if (run === undefined) element.hidden = true;
      else load(run);
    },
  };

  function render(): void {
    const at = chosen === undefined ? epochs.length - 1 : epochs.findIndex(({ epoch }) => epoch === chosen);
    const shown = epochs[at] ?? epochs.at(-1);
    element.hidden = shown === undefined || shown.items.length === 0;
    if (shown === undefined) return;
    setAttribute(slider, 'max', epochs.length - 1);
    slider.value = String(at === -1 ? epochs.length - 1 : at);
    const words = t('samples.ofEpoch', { n: format.integer(shown.epoch) });
    setText(shownEpoch, format.integer(shown.epoch));
    setAttribute(slider, 'aria-valuetext', words);
    const right = shown.items.filter(isRight).length;
    const judged = { right: format.integer(right), n: format.integer(shown.items.length) };
    // What a voice says is for the ear to judge.
    const heard = shown.items.some(isSpoken);
    setText(summary, heard ? '' : t('samples.summary', judged));
    for (const head of heads.slice(2)) head.hidden = heard;
    pictures.show({ runId: element.dataset['run'] ?? '', epoch: shown });
    // A row that is playing stays as it is while nothing about it changes.
    const key = JSON.stringify([element.dataset['run'], shown]);
    if (key === rendered) return;
    rendered = key;
    player.stop();
    body.replaceChildren(...shown.items.map(row));
  }

  function row(item: SamplePrediction): HTMLElement {
    const { input, audioPath, truth, predicted, score, spokenPath } = item;
    if (spokenPath !== undefined) return spokenRow(item, spokenPath);
    const right = isRight(item);
    const name = input ?? audioPath?.split(/[\\/]/).at(-1) ?? '';
    const text = (value: string): HTMLElement => h('td', {}, h('bdi', { dir: 'auto' }, value));
    const result = h('td', { class: right ? 'right' : 'wrong' });
    result.append(icon(right ? 'check' : 'error'), t(right ? 'samples.right' : 'samples.wrong'));
    return h(
      'tr',
      { attrs: { 'data-result': right ? 'right' : 'wrong' } },
      h(
        'td',
        { class: 'sample-input' },
        audioPath !== undefined && player.control(audioPath, isolate(name)),
        h('bdi', { dir: 'auto' }, name),
      ),
      text(truth),
      text(predicted),
      h('td', { class: 'number' }, score === undefined ? '–' : format.percent(score)),
      result,
    );
  }

  /** A text, the recording of it, and what the voice makes of it, each with its length. */
  function spokenRow(
    { input = '', audioPath, truth, predicted }: SamplePrediction,
    spoken: string,
  ): HTMLElement {
    const cell = (path: string | undefined, name: string, length: string): HTMLElement =>
      h(
        'td',
        {},
        path !== undefined && player.control(path, name),
        h('bdi', { dir: 'auto' }, lengthOf(length)),
      );
    const recorded = `${t('samples.truth')}: ${isolate(input)}`;
    const said = `${t('samples.predicted')}: ${isolate(input)}`;
    return h(
      'tr',
      { attrs: { 'data-result': 'spoken' } },
      h('td', { class: 'sample-input' }, h('bdi', { dir: 'auto' }, input)),
      cell(audioPath, recorded, truth),
      cell(spoken, said, predicted),
    );
  }

  /** `3.23 s`, as runs keep it, in the words of the interface. */
  function lengthOf(text: string): string {
    const seconds = /^(\d+(?:\.\d+)?) s$/.exec(text)?.[1];
    return seconds === undefined ? text : format.duration(Number(seconds));
  }
}

const isSpoken = ({ spokenPath }: SamplePrediction): boolean => spokenPath !== undefined;

function isRight({ truth, predicted }: SamplePrediction): boolean {
  return truth === predicted;
}

/** Asks when a run has come to another epoch; one question at a time. */
function loader(
  page: Page<unknown>,
  arrived: (runId: string, epochs: readonly EpochSamples[], isOther: boolean) => void,
): (run: Run) => void {
  let wanted: { readonly id: string; readonly key: string } | undefined;
  let answered: { readonly id: string; readonly key: string } | undefined;
  let busy = false;
  const ask = async (): Promise<void> => {
    busy = true;
    try {
      while (wanted !== undefined && wanted.key !== answered?.key) {
        const now = wanted;
        const before = answered;
        answered = now;
        const { epochs } = await page.peer.call(trainingSamples, { id: now.id });
        if (wanted.id === now.id) arrived(now.id, epochs, before?.id !== now.id);
      }
    } catch (error) {
      page.banner.show(error);
    } finally {
      busy = false;
    }
  };
  return ({ id, epoch, state }) => {
    wanted = { id, key: `${id}/${epoch}/${state}` };
    if (!busy) void ask();
  };
}
