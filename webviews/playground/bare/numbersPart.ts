import type { TensorSpec } from '../../../ml/bare/bareModel';
import { h } from '../../common/dom';
import type { Page } from '../../common/page';
import { textArea } from '../../common/toolkit';
import { select } from './fields';
import { filled, numbersFromText } from './numbers';
import type { InputPart } from './part';
import { fills, type SavedInput } from './saved';

/** Longest example that is put into the field to be changed. */
const longestExample = 512;

export function numbersPart(
  page: Page<unknown>,
  spec: TensorSpec,
  saved: SavedInput,
  keep: (part: Partial<SavedInput>) => void,
): InputPart {
  const { t } = page;
  const example = filled(spec, 'zeros');
  const short = example.data.length <= longestExample;
  let fill = saved.fill ?? (short ? 'typed' : 'zeros');
  const area = textArea({
    id: `numbers-${spec.name}`,
    label: t('bare.numbers'),
    value: saved.text ?? (short ? JSON.stringify({ shape: example.shape, data: [...example.data] }) : ''),
    rows: 5,
    dir: 'ltr',
    onInput: (text) => keep({ text: text.slice(0, 100_000) }),
  });
  area.element.classList.add('code-area');
  const show = (): void => {
    area.element.hidden = fill !== 'typed';
  };
  const source = select({
    id: `source-${spec.name}`,
    label: t('bare.source'),
    choices: fills.map((one) => [one, t(`bare.source.${one}`)] as const),
    value: fill,
    onChange: (chosen) => {
      fill = chosen;
      keep({ fill });
      show();
    },
  });
  show();
  return {
    element: h('div', { class: 'stack' }, source, area.element),
    read: () => ({
      kind: 'tensor',
      tensor: fill === 'typed' ? numbersFromText(area.value, spec) : filled(spec, fill),
      words: fill === 'typed' ? area.value.trim().slice(0, 40) : t(`bare.source.${fill}`),
    }),
  };
}
