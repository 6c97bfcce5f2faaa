import { describe, expect, it } from 'vitest';
import type { MetricPoint } from '../../../protocol/model/run';
import { readEvents } from '../../../tests/fixtures/tfEvents';
import { crc32c, maskedCrc32c } from './crc32c';
import { eventFile, eventFileName } from './eventFile';

const at = '2026-11-22T10:00:00.250Z';
const point = (step: number, name: string, value: number): MetricPoint => ({
  step,
  epoch: 0,
  name,
  value,
  at,
});

const whole = (...given: Parameters<typeof eventFile>): Buffer => Buffer.concat([...eventFile(...given)]);

describe('the sum of records', () => {
  it('is CRC-32C, as RFC 3720 has it', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  });

  it('is masked as TensorFlow masks it', () => {
    // The length's sum of a record of 24 bytes: the first of every event file that TensorFlow writes.
    expect(maskedCrc32c(Uint8Array.of(24, 0, 0, 0, 0, 0, 0, 0))).toBe(0x224b7fa3);
  });
});

describe('an event file', () => {
  it('begins with the bytes that TensorFlow begins with', () => {
    const file = whole([], '2020-01-01T00:00:00.000Z');
    expect(file.subarray(0, 12).toString('hex')).toBe('1800000000000000a37f4b22');
    // Field 1, a double: the time. Field 3, text: the version.
    expect(file.subarray(12, 36).toString('hex')).toBe(
      `0900000040f882d7411a0d${Buffer.from('brain.Event:2').toString('hex')}`,
    );
  });

  it('is read back point by point, sums and all', () => {
    const points = [
      point(1, 'batch_loss', 0.75),
      point(300, 'val_loss', -1e-7),
      point(2 ** 40 + 5, 'درستی', 1),
      point(0, 'system/rss', 123_456_789),
    ];
    const [version, ...events] = readEvents(whole(points, at));
    expect(version).toEqual({ wallTime: Date.parse(at) / 1000, step: 0, version: 'brain.Event:2' });
    expect(events).toEqual(
      points.map(({ step, name, value }) => ({
        wallTime: Date.parse(at) / 1000,
        step,
        tag: name,
        value: Math.fround(value),
      })),
    );
  });

  it('of more points than are written at once has all of them', () => {
    const points = Array.from({ length: 5000 }, (_, step) => point(step, 'loss', step));
    expect(
      readEvents(whole(points, at))
        .slice(1)
        .map(({ step }) => step),
    ).toEqual(points.map(({ step }) => step));
  });

  it('that was damaged is not read', () => {
    const file = whole([point(1, 'loss', 2)], at);
    file[60] = (file[60] ?? 0) ^ 1;
    expect(() => readEvents(file)).toThrow(/sum/);
  });

  it('has a name that TensorBoard looks for', () => {
    expect(eventFileName(at, 'نما laptop.local')).toBe(
      `events.out.tfevents.${Math.floor(Date.parse(at) / 1000)}.----laptop.local`,
    );
  });
});
