/** The file of a new config: fields, figures that suit the data, and comments in the language of the interface. Pure. */
import type { TrainingTaskInfo } from '../../protocol/model/plugin';
import { formatNumber } from '../text/format';
import { t } from '../text/translate';
import { commentedJson, type Comments } from './commentedJson';
import type { DataFacts } from './dataFacts';
import { newConfig } from './newConfig';
import { sizesFor } from './trainingSizes';

export interface NewConfigFile {
  readonly task: TrainingTaskInfo;
  readonly name: string;
  readonly dataPath: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly facts: DataFacts | undefined;
  readonly output: string;
}

export function newConfigText({ facts, ...inputs }: NewConfigFile): string {
  const sizes = sizesFor(inputs.task.id, facts);
  return commentedJson(newConfig({ ...inputs, sizes }), comments(inputs.data, facts));
}

function comments(data: Readonly<Record<string, unknown>>, facts: DataFacts | undefined): Comments {
  const items = facts === undefined ? undefined : formatNumber(facts.items);
  const all = {
    '': t(
      '“Train” above this line starts a run; Ctrl+Space offers more fields, and hovering over one explains it.',
    ),
    data: items === undefined ? undefined : t('Examples found: {0}.', items),
    'data.label': 'label' in data ? t('What the model learns to tell; guessed from the columns.') : undefined,
    'data.ignore':
      'ignore' in data ? t('Different in nearly every row, so that nothing can be learnt.') : undefined,
    model:
      facts?.clipSeconds === undefined
        ? undefined
        : t('Measured on the clips: how long they are, and at which rate.'),
    training: t('Chosen for this amount of data.'),
    output: t('Where the model goes; a run replaces what an earlier one left there.'),
  };
  const present = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  // In a file nothing lays out Persian words but their own letters.
  return Object.fromEntries(present.map(([place, text]) => [place, text.replace(/[\u2066-\u2069]/g, '')]));
}
