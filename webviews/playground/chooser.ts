/** The head of the playground: which model, what it is, and what runs it. */
import type { PublishedTask } from '../../protocol/model/published';
import { h } from '../common/dom';
import { isolate, type MessageKey } from '../common/i18n/translate';
import type { Page } from '../common/page';
import type { LoadedModel } from './model';
import type { EngineChoice } from './engineNames';
import { reasonOf } from './engineReasons';
import { choices, type ListedModel, type ModelSource } from './source';

const engines: readonly EngineChoice[] = ['auto', 'webgpu', 'webgl', 'wasm', 'cpu'];

const tasks: Record<PublishedTask, MessageKey> = {
  'text-to-speech': 'model.speaks',
  'automatic-speech-recognition': 'model.transcribes',
  'text-classification': 'model.text',
  'text-generation': 'model.writes',
};

export interface ChooserActions {
  choose(model: ListedModel): void;
  engine(choice: EngineChoice): void;
}

export function chooser(page: Page<unknown>, engine: EngineChoice, actions: ChooserActions) {
  const { t, format } = page;
  let models: readonly ListedModel[] = [];
  const title = h('bdi');
  const facts = h('p', { class: 'muted' });
  const passed = h('p', { class: 'muted' });
  const model = h('select', { id: 'model' });
  model.addEventListener('change', () => {
    const chosen = models.find(({ path }) => path === model.value);
    if (chosen !== undefined) actions.choose(chosen);
  });
  const engineSelect = h(
    'select',
    { id: 'engine' },
    ...engines.map((name) =>
      h('option', { attrs: { value: name, selected: name === engine } }, t(`engine.${name}`)),
    ),
  );
  engineSelect.addEventListener('change', () => {
    const chosen = engines.find((name) => name === engineSelect.value);
    if (chosen !== undefined) actions.engine(chosen);
  });
  const engineField = h('label', { class: 'inline' }, t('engine.choose'), engineSelect);
  const element = h(
    'header',
    { class: 'play-header' },
    h('div', {}, h('h1', {}, title), facts, passed),
    h('div', { class: 'row' }, h('label', { class: 'inline' }, t('model.choose'), model), engineField),
  );

  const show = (source: ModelSource | undefined, loaded?: LoadedModel): void => {
    if (source?.task === undefined) engineField.hidden = false;
    const list = choices(models, source);
    models = list;
    title.textContent = source?.name ?? t('playground.title');
    const blank = h('option', { attrs: { value: '', disabled: true } }, t('model.none'));
    model.replaceChildren(
      ...(source === undefined ? [blank] : []),
      ...list.map(({ name, path }) => h('option', { attrs: { value: path } }, name)),
    );
    model.value = source?.path ?? '';
    facts.textContent = factWords(source, loaded);
    passed.hidden = (loaded?.engine.passedOver.length ?? 0) === 0;
    passed.textContent =
      loaded === undefined
        ? ''
        : t('engine.passedOver', {
            engine: isolate(loaded.engine.name),
            reasons: loaded.engine.passedOver
              .map((each) => isolate(reasonOf(each, t)))
              .join(`${t('engine.between')} `),
          });
  };
  return {
    element,
    /** Where the page runs nothing its engines are none to choose from. */
    showEngine: (shown: boolean): void => {
      engineField.hidden = !shown;
    },
    list: (next: readonly ListedModel[]): void => {
      models = next;
    },
    show,
  };

  function factWords(source: ModelSource | undefined, loaded: LoadedModel | undefined): string {
    if (source === undefined) return models.length === 0 ? '' : t('model.pick');
    if (source.task !== undefined) return t(tasks[source.task]);
    if (loaded === undefined) return '';
    const { metadata } = loaded;
    const kinds: Record<LoadedModel['kind'], MessageKey> = {
      tabular: 'model.tabular',
      audio: 'model.audio',
      text: 'model.text',
      graphemes: 'model.graphemes',
      voice: 'model.speaks',
      bare: loaded.bare?.format === 'graph' ? 'bare.graph' : 'bare.layers',
    };
    const amounts = metadata?.answers === 'values';
    const parts = [t(amounts ? 'model.amounts' : kinds[loaded.kind])];
    if (metadata !== undefined && !amounts && loaded.kind !== 'voice')
      parts.push(t('model.labels', { n: format.integer(metadata.labels.length) }));
    parts.push(t('model.parameters', { n: format.integer(loaded.parameters) }));
    const accuracy = metadata?.metrics['val_accuracy'];
    if (accuracy !== undefined) parts.push(`${t('metric.val_accuracy')} ${format.percent(accuracy)}`);
    // A Persian number beside a Latin name would else stand on its wrong side.
    return parts.map(isolate).join(' · ');
  }
}
