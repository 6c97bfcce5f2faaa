import path from 'node:path';
import { z } from 'zod';
import type { EvaluationReport } from '../sdk/trainingTask';
import type { OutputContent } from './output';

/** `report.json` has more. */
const mostMistakes = 10;

/** The model card, in the form the Hub shows. */
export function modelCard(content: OutputContent): string {
  const { metadata, config, epoch, report } = content;
  const figures = Object.entries(metadata.metrics).map(([name, value]) => `| ${name} | ${figure(value)} |`);
  return [
    '---',
    'library_name: tfjs',
    `tags: [goya, ${metadata.task}]`,
    '---',
    '',
    `# ${metadata.name}`,
    '',
    `A \`${metadata.task}\` model trained with Goya on ${metadata.createdAt.slice(0, 10)}, ` +
      `engine ${metadata.engine.name} ${metadata.engine.version ?? ''}`.trimEnd() +
      `; the weights of epoch ${epoch}.`,
    '',
    `Labels: ${metadata.labels.map((label) => `\`${label}\``).join(', ')}`,
    '',
    '## Figures',
    '',
    '| metric | value |',
    '| --- | --- |',
    ...figures,
    ...comparison(report),
    ...perLabel(report),
    ...mistakes(report),
    '',
    '## Use',
    '',
    'In Goya: open the playground, or `inference/run` with this folder. In any tf.js program:',
    '',
    '```js',
    ...program('runtime.mjs' in content.extra),
    '```',
    '',
    '`goya.json` says how the input is prepared (columns, means, standard deviations or mel figures).',
    '',
    '## Config',
    '',
    '```json',
    JSON.stringify(config, null, 2),
    '```',
    '',
  ].join('\n');
}

/** A model with layers of its own brings them along. */
function program(hasRuntime: boolean): string[] {
  const load = "const model = await tf.loadLayersModel('file:///path/to/model.json'); // or an URL";
  if (!hasRuntime) {
    return [load, 'const probabilities = model.predict(input); // one for each label, in the order above'];
  }
  return [
    "import { register } from './runtime.mjs'; // beside model.json; its head says what it offers",
    'register(tf); // the layers that tf.js does not have',
    load,
  ];
}

/** The columns are those that any row has. */
function comparison(report: EvaluationReport | undefined): string[] {
  const rows = report?.comparison ?? [];
  if (rows.length === 0) return [];
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: string | number | undefined): string =>
    typeof value === 'number' ? figure(value) : (value ?? '').replaceAll('|', '\\|');
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    '',
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map((column) => cell(row[column])))),
  ];
}

function perLabel(report: EvaluationReport | undefined): string[] {
  if (report?.perLabel === undefined) return [];
  const rows = report.perLabel.map(
    (one) =>
      `| ${one.label.replaceAll('|', '\\|')} | ${figure(one.precision)} | ${figure(one.recall)} | ${figure(one.f1)} | ${one.support} |`,
  );
  return ['', '| label | precision | recall | F1 | examples |', '| --- | --- | --- | --- | --- |', ...rows];
}

const shownMistakes = z
  .array(
    z.object({
      text: z.string().optional(),
      audioPath: z.string().optional(),
      label: z.string(),
      predicted: z.string(),
      score: z.number(),
    }),
  )
  .optional();

/** The first few of a task that lists them; of a sound the file's name, as the path is nobody else's business. */
function mistakes(report: EvaluationReport | undefined): string[] {
  const { data = [] } = shownMistakes.safeParse(report?.['mistakes']);
  if (data.length === 0) return [];
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
  const rows = data.slice(0, mostMistakes).map(({ text, audioPath, label, predicted, score }) => {
    const what = text ?? path.basename(audioPath ?? '');
    return `| ${cell(what)} | ${cell(label)} | ${cell(predicted)} | ${figure(score)} |`;
  });
  const table = ['| example | label | predicted | sureness |', '| --- | --- | --- | --- |', ...rows];
  return ['', 'What it got wrong on the validation examples, the surest first:', '', ...table];
}

const figure = (value: number): string => String(Number(value.toPrecision(4)));
