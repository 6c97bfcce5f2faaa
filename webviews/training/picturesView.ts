/** What a voice drew of its sample sentences after the epoch that is shown: spectra beside each other, and the alignment. */
import { trainingSamplePictures } from '../../protocol/api/training';
import type { EpochSamples } from '../../protocol/model/run';
import type { SamplePictures } from '../../protocol/model/samplePictures';
import { currentColors, onThemeChange } from '../common/colors';
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { pictureCanvas } from './pictureCanvas';
import { soundsTable } from './soundsTable';

/** CSS pixels of a row that has its name beside it. */
const soundHeight = 11;

interface Wanted {
  readonly runId: string;
  readonly epoch: EpochSamples;
}

export function picturesView(page: Page<unknown>) {
  const { t, format } = page;
  const select = h('select', { id: 'picture-sentence', dir: 'auto' });
  const [recorded, spoken, alignment] = [pictureCanvas(), pictureCanvas(), pictureCanvas()];
  const sounds = soundsTable(page);
  const figure = (name: string, words: string, ...content: HTMLElement[]): HTMLElement =>
    h(
      'figure',
      { class: 'picture-figure', attrs: { 'data-picture': name } },
      h('figcaption', {}, words),
      ...content,
    );
  const element = h(
    'div',
    { class: 'sample-pictures', hidden: true },
    h(
      'div',
      { class: 'row' },
      h('label', { class: 'inline', attrs: { for: 'picture-sentence' } }, t('pictures.sentence')),
      select,
    ),
    figure('recorded', t('pictures.recorded'), recorded.element),
    figure('spoken', t('pictures.spoken'), spoken.element),
    figure('alignment', t('pictures.alignment'), alignment.element, sounds.element),
  );
  let items: readonly SamplePictures[] = [];
  let wanted: Wanted | undefined;
  let answered = '';
  let busy = false;
  select.addEventListener('change', draw);
  onThemeChange(draw);
  return {
    element,
    show: (next: Wanted | undefined): void => {
      wanted = next?.epoch.pictures === true ? next : undefined;
      if (wanted === undefined) element.hidden = true;
      else if (!busy) void load();
    },
  };

  /** One question at a time: a slider that is pulled passes many epochs. */
  async function load(): Promise<void> {
    busy = true;
    try {
      for (let now = wanted; now !== undefined && keyOf(now) !== answered; now = wanted) {
        answered = keyOf(now);
        const { runId, epoch } = now;
        const answer = await page.peer.call(trainingSamplePictures, { id: runId, epoch: epoch.epoch });
        if (wanted === undefined || keyOf(wanted) !== answered) continue;
        ({ items } = answer);
        name(epoch);
      }
      draw();
    } catch (error) {
      page.banner.show(error);
    } finally {
      busy = false;
    }
  }

  /** The sentences to choose from; the one that was chosen stays so. */
  function name(epoch: EpochSamples): void {
    const before = Math.max(0, select.selectedIndex);
    select.replaceChildren(
      ...epoch.items.map(({ input = '' }, i) => h('option', { attrs: { value: i } }, input)),
    );
    select.selectedIndex = Math.min(before, epoch.items.length - 1);
  }

  function draw(): void {
    const one = items[Math.max(0, select.selectedIndex)];
    element.hidden = one === undefined || wanted === undefined;
    if (one === undefined || wanted === undefined) return;
    const colors = currentColors();
    const columns = Math.max(one.recorded.columns, one.spoken.columns);
    const seconds = (frames: number): string => format.duration(frames * one.secondsPerColumn);
    const spectrum = (
      picture: SamplePictures['spoken'],
      label: 'pictures.recordedLabel' | 'pictures.spokenLabel',
    ) => ({
      ...{ picture, columns, lowest: 'bottom' as const },
      label: t(label, { length: seconds(picture.columns), top: format.hertz(one.topHertz) }),
      axes: {
        levels: [format.hertz(one.topHertz), format.hertz(0)],
        ...{ from: seconds(0), to: seconds(columns) },
      },
    });
    recorded.show(spectrum(one.recorded, 'pictures.recordedLabel'), colors);
    spoken.show(spectrum(one.spoken, 'pictures.spokenLabel'), colors);
    const { symbols, frames, likelihood } = one.alignment;
    const words = { n: format.integer(symbols.length), length: seconds(likelihood.columns) };
    alignment.canvas.style.blockSize = `${soundHeight * symbols.length}px`;
    alignment.show(
      {
        ...{ picture: likelihood, columns, lowest: 'top', path: frames },
        label: t('pictures.alignmentLabel', words),
        axes: {
          levels: symbols.map(nameOfSound),
          ...{ from: seconds(0), to: seconds(columns) },
        },
      },
      colors,
    );
    sounds.show(one);
    element.dataset['epoch'] = String(wanted.epoch.epoch);
  }
}

const keyOf = ({ runId, epoch }: Wanted): string => `${runId}/${epoch.epoch}`;
const nameOfSound = (symbol: string): string => (symbol === ' ' ? '␣' : symbol);
