/** The form of a model without metadata, made from the inputs that its file tells. */
import './bare.css';
import { shapeWords, type BareModel, type TensorSpec } from '../../../ml/bare/bareModel';
import type { TensorInput } from '../../../ml/bare/inputs';
import { resample } from '../../../ml/audio/resample';
import { MlError } from '../../../ml/errors';
import { h } from '../../common/dom';
import type { Page } from '../../common/page';
import type { InputView } from '../inputView';
import { select } from './fields';
import { possibleKinds } from './guesses';
import { imagePart } from './imagePart';
import { numbersPart } from './numbersPart';
import type { Given, GivenSound, InputPart } from './part';
import type { InputKind, SavedBare, SavedInput } from './saved';
import { soundPart } from './soundPart';
import { snippetSound } from './snippetSound';

const parts = { image: imagePart, sound: soundPart, numbers: numbersPart };

export function bareForm(
  page: Page<unknown>,
  model: Pick<BareModel, 'format' | 'dynamic' | 'inputs'>,
  saved: SavedBare,
  keep: (inputs: SavedBare['inputs']) => void,
): InputView {
  const { t } = page;
  const remembered: Record<string, SavedInput> = { ...saved.inputs };
  const sections = model.inputs.map((spec) =>
    section(page, spec, remembered[spec.name] ?? {}, (part) => {
      remembered[spec.name] = { ...remembered[spec.name], ...part };
      keep(remembered);
    }),
  );
  const read = (): readonly (readonly [string, Given])[] =>
    sections.map(({ name, part }) => [name, part().read()] as const);
  return {
    element: h('div', { class: 'stack' }, ...sections.map(({ element }) => element)),
    read: () => {
      const { values, sound } = together(read(), t('bare.oneSound'));
      if (sound === undefined) return { kind: 'bare', values };
      const { sampleRate } = sound.parameters;
      const samples = resample(sound.samples, sound.sampleRate, sampleRate);
      return { kind: 'bare', values, sound: { samples, parameters: sound.parameters } };
    },
    backend: () => {
      const { values, sound } = together(read(), t('bare.oneSound'));
      if (sound === undefined) return { values: plain(values) };
      return sound.path === undefined ? undefined : { audioPath: sound.path, values: plain(values) };
    },
    parameters: (): Record<string, unknown> => {
      const { sound } = together(read(), t('bare.oneSound'));
      return sound === undefined ? {} : { audio: sound.parameters };
    },
    snippet: () => {
      const { values, sound } = together(read(), t('bare.oneSound'));
      const files = sections.flatMap(({ name, part }) => {
        const file = part().image?.();
        return file === undefined ? [] : [[name, file] as const];
      });
      return {
        kind: 'bare',
        model,
        values: plain(values),
        images: Object.fromEntries(files),
        ...(sound === undefined ? {} : { sound: snippetSound(model.inputs, sound) }),
      };
    },
    remember: () => ({
      input: read()
        .map(([, given]) => (given.kind === 'sound' ? given.sound.name : given.words))
        .join(' · ')
        .slice(0, 80),
    }),
    restore: () => undefined,
    seconds: () => {
      const sounds = read().flatMap(([, given]) => (given.kind === 'sound' ? [given.sound] : []));
      return sounds[0] === undefined ? undefined : sounds[0].samples.length / sounds[0].sampleRate;
    },
  };
}

function section(
  page: Page<unknown>,
  spec: TensorSpec,
  saved: SavedInput,
  keep: (part: Partial<SavedInput>) => void,
) {
  const { t } = page;
  const kinds = possibleKinds(spec);
  let kind = kinds.find((one) => one === saved.kind) ?? kinds[0] ?? 'numbers';
  const made = new Map<InputKind, InputPart>();
  const place = h('div', {});
  const part = (): InputPart => {
    const known = made.get(kind) ?? parts[kind](page, spec, saved, keep);
    made.set(kind, known);
    return known;
  };
  place.replaceChildren(part().element);
  const choice = select({
    id: `kind-${spec.name}`,
    label: t('bare.fill'),
    choices: kinds.map((one) => [one, t(`bare.kind.${one}`)] as const),
    value: kind,
    onChange: (chosen) => {
      kind = chosen;
      keep({ kind });
      place.replaceChildren(part().element);
    },
  });
  const element = h(
    'fieldset',
    { class: 'bare-input', attrs: { 'data-input': spec.name } },
    h(
      'legend',
      {},
      h('bdi', {}, spec.name),
      ' ',
      h('code', { dir: 'ltr' }, `${spec.dtype} ${shapeWords(spec.shape)}`),
    ),
    choice,
    place,
  );
  return { name: spec.name, element, part };
}

function together(given: readonly (readonly [string, Given])[], twoSounds: string) {
  const values: Record<string, TensorInput> = {};
  const sounds: GivenSound[] = [];
  for (const [name, one] of given) {
    if (one.kind === 'sound') sounds.push(one.sound);
    else values[name] = one.tensor;
  }
  if (sounds.length > 1) throw new MlError('input.invalid', twoSounds);
  return { values, sound: sounds[0] };
}

function plain(
  values: Readonly<Record<string, TensorInput>>,
): Record<string, { shape: number[]; data: number[] }> {
  return Object.fromEntries(
    Object.entries(values).map(([name, { shape, data }]) => [
      name,
      { shape: [...shape], data: Array.from(data) },
    ]),
  );
}
