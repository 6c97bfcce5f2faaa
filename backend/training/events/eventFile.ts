import type { MetricPoint } from '../../../protocol/model/run';
import { scalarEvent, versionEvent } from './event';
import { tfRecord } from './tfRecord';

const recordsAtOnce = 2000;

/** An event file in pieces: the version, then each point in its order. */
export function* eventFile(points: readonly MetricPoint[], createdAt: string): Generator<Buffer> {
  const tags = new Map<string, Buffer>();
  const record = ({ at, step, name, value }: MetricPoint): Buffer => {
    const tag = tags.get(name) ?? Buffer.from(name);
    tags.set(name, tag);
    return tfRecord(scalarEvent(seconds(at), step, tag, value));
  };
  yield tfRecord(versionEvent(seconds(createdAt)));
  for (let from = 0; from < points.length; from += recordsAtOnce)
    yield Buffer.concat(points.slice(from, from + recordsAtOnce).map(record));
}

/** TensorBoard reads whatever has `tfevents` in its name, in the order of the times. */
export function eventFileName(createdAt: string, host: string): string {
  const time = String(Math.floor(seconds(createdAt))).padStart(10, '0');
  return `events.out.tfevents.${time}.${host.replace(/[^\w.-]/g, '-')}`;
}

function seconds(iso: string): number {
  return Date.parse(iso) / 1000;
}
