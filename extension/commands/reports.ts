/** What the backend found out, as Markdown for people. Pure; everything from outside is escaped. */
import type { HealthReport } from '../../protocol/api/session';
import type { DatasetReport } from '../../protocol/model/dataset';
import type { Model } from '../../protocol/model/model';
import { formatNumber } from '../text/format';
import { t } from '../text/translate';
import { escapeMarkdown as text } from '../views/looks/look';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => ':--')), ...rows.map(line)].join('\n');
}

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
): string {
  const checks = report.checks.map((check) => [
    check.ok ? '✓' : '✗',
    text(check.name),
    text(check.detail),
    `${formatNumber(check.ms)} ms`,
  ]);
  const versions = Object.entries({ ...report.versions, ...environment });
  return [
    `# ${t('Goya: Connection Check')}`,
    `**${statusWord(report.status)}**`,
    table(['', t('Part'), t('What was found'), t('Time')], checks),
    `## ${t('Versions')}`,
    table(
      [t('Name'), t('Version')],
      versions.map(([name, version]) => [text(name), text(version)]),
    ),
  ].join('\n\n');
}

const severityMark = { error: '✗', warning: '⚠', info: 'ℹ' } as const;
const shownProblems = 200;

export function datasetReportText(path: string, report: DatasetReport): string {
  const { problems } = report;
  const rows = problems
    .slice(0, shownProblems)
    .map((problem) => [
      severityMark[problem.severity],
      text(problem.message),
      text(
        [problem.file, problem.line === undefined ? undefined : formatNumber(problem.line)]
          .filter((part) => part !== undefined)
          .join(':'),
      ),
    ]);
  const figures = [
    [t('Folder'), text(path)],
    [t('Format'), text(report.format)],
    [t('Items'), formatNumber(report.items)],
    ...Object.entries(report.stats).map(([name, value]) => [text(name), text(figure(value))]),
  ];
  return [
    `# ${t('Data set: {0}', text(path.split(/[\\/]/).at(-1) ?? path))}`,
    table([t('Figure'), t('Value')], figures),
    `## ${t('Findings')}`,
    rows.length === 0 ? t('Nothing to complain about.') : table(['', t('What'), t('Where')], rows),
    ...(problems.length > shownProblems
      ? [t('{0} more are in the Problems panel.', formatNumber(problems.length - shownProblems))]
      : []),
  ].join('\n\n');
}

function figure(value: unknown): string {
  if (typeof value === 'number') return formatNumber(value, 3);
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(figure).join(', ');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, each]) => `${name}: ${figure(each)}`)
      .join(', ');
  return String(value);
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
    t('Download the model again to fetch only what is damaged.'),
  ].join('\n\n');
}
