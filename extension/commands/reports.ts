/** What the backend found out, as Markdown for people. Pure; everything from outside is escaped. */
import type { HealthReport } from '../../protocol/api/session';
import type { DatasetProblem, DatasetReport } from '../../protocol/model/dataset';
import type { Model } from '../../protocol/model/model';
import { formatNumber } from '../text/format';
import { t } from '../text/translate';
import { escapeMarkdown as text } from '../views/looks/look';
import { figureLines, plain } from './datasetFigures';
import { milliseconds, reportTable as table } from './reportTable';

function statusWord(status: HealthReport['status']): string {
  switch (status) {
    case 'healthy':
      return t('Everything works');
    case 'degraded':
      return t('Goya works, but not everything does');
    case 'unhealthy':
      return t('Goya cannot work like this');
  }
}

export function healthReportText(
  report: HealthReport,
  environment: Readonly<Record<string, string>>,
  sections: readonly string[] = [],
  title = `# ${t('Goya: Connection Check')}`,
): string {
  const checks = report.checks.map((check) => [
    check.ok ? '✓' : '✗',
    text(partName(check.name)),
    text(check.detail),
    milliseconds(check.ms),
  ]);
  const versions = Object.entries({ ...report.versions, ...environment });
  return [
    title,
    `**${statusWord(report.status)}**`,
    table(['', t('Part'), t('What was found'), t('Time')], checks),
    ...sections,
    `## ${t('Versions')}`,
    table(
      [t('Name'), t('Version')],
      versions.map(([name, version]) => [text(name), text(version)]),
    ),
  ].join('\n\n');
}

function partName(name: string): string {
  switch (name) {
    case 'database':
      return t('Database');
    case 'storage':
      return t('State folder');
    case 'models':
      return t('Models');
    case 'hub':
      return t('Hub');
    case 'engine':
      return t('Training engine');
    case 'onnx':
      return t('ONNX engine');
    default:
      return name;
  }
}

const severityMark = { error: '✗', warning: '⚠', info: 'ℹ' } as const;
const shownProblems = 200;

export function datasetReportText(path: string, report: DatasetReport): string {
  const { problems } = report;
  const stats = Object.entries(report.stats);
  const figures = [
    [t('Folder'), text(path)],
    [t('Format'), text(report.format)],
    [t('Items'), formatNumber(report.items)],
    ...figureLines(Object.fromEntries(stats.filter(([, value]) => !isTable(value)))).map((line) =>
      line.map(text),
    ),
  ];
  const tables = stats.flatMap(([name, value]) =>
    isTable(value) ? [`## ${text(name)}`, recordTable(value)] : [],
  );
  const rows = problems
    .slice(0, shownProblems)
    .map((problem) => [severityMark[problem.severity], text(problem.message), text(placeOf(path, problem))]);
  return [
    `# ${t('Data set: {0}', text(nameOf(path)))}`,
    table([t('Figure'), t('Value')], figures),
    `## ${t('Findings')}`,
    rows.length === 0 ? t('Nothing to complain about.') : table(['', t('What'), t('Where')], rows),
    ...(problems.length > shownProblems
      ? [t('{0} more are in the Problems panel.', formatNumber(problems.length - shownProblems))]
      : []),
    ...tables,
  ].join('\n\n');
}

function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

/** `clips/3.wav`, `rows.csv:14`: relative to the data set where it lies in it. */
function placeOf(path: string, problem: DatasetProblem): string {
  const file = problem.file ?? '';
  const short = file === path ? nameOf(path) : file.startsWith(path) ? file.slice(path.length + 1) : file;
  return problem.line === undefined ? short : `${short}:${problem.line}`;
}

type Records = readonly Readonly<Record<string, unknown>>[];

function isTable(value: unknown): value is Records {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row))
  );
}

function recordTable(records: Records): string {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const cell = (value: unknown): string => (value === undefined ? '' : text(plain(value)));
  return table(
    columns.map((column) => text(column)),
    records.map((record) => columns.map((column) => cell(record[column]))),
  );
}

export function verifyReport(
  model: Model,
  problems: readonly { readonly file: string; readonly message: string }[],
): string {
  return [
    `# ${t('Damaged files of {0}', text(model.name))}`,
    text(model.path),
    table(
      [t('File'), t('What')],
      problems.map((problem) => [text(problem.file), text(problem.message)]),
    ),
    t('Repair the model to fetch only what is damaged.'),
  ].join('\n\n');
}
