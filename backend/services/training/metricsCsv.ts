import type { MetricPoint, Run } from '../../../protocol/model/run';

const columns = ['run', 'run_id', 'metric', 'step', 'epoch', 'value', 'time'] as const;
const rowsAtOnce = 5000;

/** RFC 4180, a row for each point: what pandas and R group and plot as it is. */
export function* metricsCsv(
  all: readonly { readonly run: Run; readonly points: readonly MetricPoint[] }[],
): Generator<string> {
  yield `${columns.join(',')}\r\n`;
  for (const { run, points } of all) {
    const head = `${field(run.name)},${run.id}`;
    for (let from = 0; from < points.length; from += rowsAtOnce)
      yield points
        .slice(from, from + rowsAtOnce)
        .map(
          ({ name, step, epoch, value, at }) => `${head},${field(name)},${step},${epoch},${value},${at}\r\n`,
        )
        .join('');
  }
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
