/** Which charts stand together: what is learned, how fast, and what it costs the machine. */
import type { Format } from '../common/format';
import type { MessageKey } from '../common/i18n/translate';

export const chartGroups = ['quality', 'speed', 'system'] as const;
export type ChartGroup = (typeof chartGroups)[number];

export const groupNames: Readonly<Record<ChartGroup, MessageKey>> = {
  quality: 'chart.group.quality',
  speed: 'chart.group.speed',
  system: 'chart.group.system',
};

const speed: readonly string[] = ['learning_rate', 'steps_per_second', 'examples_per_second', 'step_ms'];
const percents: readonly string[] = ['system/cpu', 'system/overhead'];

/** By a metric's base name. */
export function groupOf(name: string): ChartGroup {
  if (name.startsWith('system/')) return 'system';
  return speed.includes(name) ? 'speed' : 'quality';
}

/** A value of that metric in its unit. The trainer gives shares of the processor and of the time in percent. */
export function valueFormat(name: string, format: Format): (value: number) => string {
  if (name === 'system/rss') return (value) => format.bytes(value);
  if (percents.includes(name)) return (value) => format.percent(value / 100, Math.abs(value) < 10 ? 2 : 1);
  return (value) => format.number(value);
}
