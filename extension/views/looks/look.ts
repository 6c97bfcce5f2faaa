import type { ContextValue } from '../../contributions';

/** How a tree node looks, free of VS Code: tests read it as a person would. */
export interface Look {
  readonly label: string;
  readonly description?: string | undefined;
  /** A product icon's name, for example `cloud-download`; groups have none. */
  readonly icon?: string | undefined;
  /** A theme colour's name for the icon. */
  readonly color?: string | undefined;
  readonly contextValue: ContextValue;
  /** Markdown. */
  readonly tooltip?: string | undefined;
  /** Marks the node in the tree as the explorer marks files with errors. */
  readonly failed?: boolean | undefined;
  /** Marks it as the explorer marks files with warnings. */
  readonly warned?: boolean | undefined;
}

/** A heading and a table of facts, as a tooltip; facts without a value are left out. */
export function factsTooltip(
  title: string,
  facts: readonly (readonly [name: string, value: string | undefined])[],
  note?: string,
): string {
  const rows = facts
    .filter((fact): fact is readonly [string, string] => fact[1] !== undefined && fact[1] !== '')
    .map(([name, value]) => `| ${escapeMarkdown(name)} | ${escapeMarkdown(value)} |`);
  const table = rows.length === 0 ? [] : ['| | |', '|:--|:--|', ...rows];
  return [
    `**${escapeMarkdown(title)}**`,
    ...(note === undefined ? [] : ['', escapeMarkdown(note)]),
    '',
    ...table,
  ].join('\n');
}

/** Text from outside as text: no links, images, HTML or commands come out of it. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~$&:/@]/g, '\\$&').replace(/\s*\r?\n\s*/g, ' ');
}
