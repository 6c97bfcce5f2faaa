/** What a person hands on when something does not work: health, versions, settings and counts, without secrets. Pure. */
import type { HealthReport } from '../../protocol/api/session';
import type { PluginInfo } from '../../protocol/model/plugin';
import { maskSecrets } from '../../protocol/wire/secrets';
import { t } from '../text/translate';
import { formatNumber } from '../text/format';
import { escapeMarkdown as text } from '../views/looks/look';
import { healthReportText } from './reports';
import { reportTable as table } from './reportTable';

export interface DoctorFacts {
  /** Absent: the backend did not answer, for the reason in `failure`. */
  readonly health?: HealthReport;
  readonly failure?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly plugins: readonly PluginInfo[];
  /** Those that are not at their default, by their full names. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What there is of each kind and state, e.g. `downloads: failed` → 1. */
  readonly counts: Readonly<Record<string, number>>;
  /** The last lines of the log that say what went wrong. */
  readonly complaints: readonly string[];
  readonly homeFolder: string;
}

export function doctorReportText(given: DoctorFacts): string {
  // Before anything is escaped for Markdown: a password between backslashes would no longer look like one.
  const facts = cleaned(given, given.homeFolder) as DoctorFacts;
  const title = `# ${t('Goya: Doctor')}`;
  const sections = [
    settingsSection(facts),
    pluginsSection(facts),
    countsSection(facts),
    logSection(facts),
  ].flat();
  if (facts.health !== undefined) return healthReportText(facts.health, facts.environment, sections, title);
  const failure = t('The backend does not answer: {0}', text(facts.failure ?? ''));
  return [title, failure, versions(facts), ...sections].join('\n\n');
}

/** Every text of a value without secrets, and without the home that it was made in: others read it. */
export function cleaned(value: unknown, homeFolder: string): unknown {
  if (typeof value === 'string') {
    const masked = maskSecrets(value);
    return homeFolder.length < 2 ? masked : masked.replaceAll(homeFolder, '~');
  }
  if (Array.isArray(value)) return value.map((one) => cleaned(one, homeFolder));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cleaned(one, homeFolder)]));
}

function versions({ environment }: DoctorFacts): string {
  return table(
    [t('Name'), t('Version')],
    Object.entries(environment).map(([name, version]) => [text(name), text(version)]),
  );
}

function settingsSection({ settings }: DoctorFacts): string[] {
  const rows = Object.entries(settings).map(([name, value]) => [text(name), text(JSON.stringify(value))]);
  const said =
    rows.length === 0 ? t('All settings are at their defaults.') : table([t('Setting'), t('Value')], rows);
  return [`## ${t('Settings')}`, said];
}

function pluginsSection({ plugins }: DoctorFacts): string[] {
  if (plugins.length === 0) return [];
  const rows = plugins.map(({ id, loaded, extensionId, error }) => [
    loaded ? '✓' : '✗',
    text(id),
    text(extensionId ?? 'Goya'),
    text(error ?? ''),
  ]);
  return [`## ${t('Training tasks')}`, table(['', t('Name'), t('From'), t('What was found')], rows)];
}

function countsSection({ counts }: DoctorFacts): string[] {
  const rows = Object.entries(counts).map(([name, count]) => [text(name), formatNumber(count)]);
  return rows.length === 0 ? [] : [`## ${t('What there is')}`, table([t('Kind'), t('Number')], rows)];
}

function logSection({ complaints }: DoctorFacts): string[] {
  if (complaints.length === 0) return [];
  return [
    `## ${t('Last complaints of the log')}`,
    ['```text', ...complaints.map((line) => line.replaceAll('```', "'''")), '```'].join('\n'),
  ];
}
