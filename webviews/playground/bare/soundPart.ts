/** A sound for a bare model: the clip, and how it becomes the input. */
import type { TensorSpec } from '../../../ml/bare/bareModel';
import { audioParameters } from '../../../ml/bare/soundWindows';
import { MlError } from '../../../ml/errors';
import { h } from '../../common/dom';
import type { Page } from '../../common/page';
import { audioInput } from '../audioInput';
import { numberField, select } from './fields';
import type { InputPart } from './part';
import { features, type SavedInput } from './saved';

const numbers = [
  ['sampleRate', 'bare.rate', '16000', 'all'],
  ['nFft', 'bare.nFft', '512', 'frames'],
  ['hop', 'bare.hop', '160', 'frames'],
  ['mels', 'bare.mels', '64', 'mel'],
  ['fMin', 'bare.fMin', '0', 'mel'],
  ['fMax', 'bare.fMax', '', 'mel'],
  ['windowLength', 'bare.windowLength', '', 'all'],
  ['windowHop', 'bare.windowHop', '', 'all'],
] as const;

export function soundPart(
  page: Page<unknown>,
  spec: TensorSpec,
  saved: SavedInput,
  keep: (part: Partial<SavedInput>) => void,
): InputPart {
  const { t } = page;
  const clip = audioInput(
    page,
    () => page.banner.clear(),
    (error) => page.banner.show(error),
  );
  let chosen = saved.features ?? 'samples';
  const fields = numbers.map(([name, label, usual, where]) => {
    const field = numberField(page, {
      id: `${name}-${spec.name}`,
      label: t(label),
      value: saved[name] ?? usual,
      onInput: (value) => keep({ [name]: value.slice(0, 20) }),
    });
    return { name, where, ...field };
  });
  const used = (where: 'all' | 'frames' | 'mel'): boolean =>
    where === 'all' || (where === 'frames' && chosen !== 'samples') || chosen === 'logMel';
  const show = (): void => {
    for (const { where, element } of fields) element.hidden = !used(where);
  };
  show();
  const what = select({
    id: `features-${spec.name}`,
    label: t('bare.features'),
    choices: features.map((one) => [one, t(`bare.features.${one}`)] as const),
    value: chosen,
    onChange: (next) => {
      chosen = next;
      keep({ features: next });
      show();
    },
  });
  const parameters = () => {
    const typed = Object.fromEntries(
      fields.filter(({ where }) => used(where)).map(({ name, read }) => [name, read()] as const),
    );
    const { windowLength: length, windowHop: hop, ...rest } = typed;
    const parsed = audioParameters.safeParse({
      input: spec.name,
      features: chosen,
      ...rest,
      window: { length, hop },
    });
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw new MlError('input.invalid', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  };
  return {
    element: h(
      'div',
      { class: 'stack' },
      clip.element,
      h('div', { class: 'fields' }, what, ...fields.map(({ element }) => element)),
      h('p', { class: 'muted' }, t('bare.windowHint')),
    ),
    read: () => {
      const sound = clip.read();
      if (sound.kind !== 'audio') throw new MlError('input.invalid', t('input.noClip'));
      const { samples, sampleRate } = sound;
      const { input: name } = clip.remember();
      const path = clip.backend()?.audioPath;
      return { kind: 'sound', sound: { samples, sampleRate, path, name, parameters: parameters() } };
    },
  };
}
