import { expect, it } from 'vitest';
import { LatestChildren } from './latestChildren';

function setup() {
  const asked: { node: string | undefined; resolve(children: string[]): void; reject(error: Error): void }[] =
    [];
  const latest = new LatestChildren<string>(
    (node) => new Promise((resolve, reject) => asked.push({ node, resolve, reject })),
  );
  return { asked, latest };
}

it('answers the older of two overlapping questions with nothing, before the newer', async () => {
  const { asked, latest } = setup();
  const order: string[] = [];
  const first = latest.children('a').then((children) => (order.push('first'), children));
  const second = latest.children('a').then((children) => (order.push('second'), children));
  asked[1]!.resolve(['x', 'y']);
  asked[0]!.resolve(['x']);
  expect(await second).toEqual(['x', 'y']);
  expect(await first).toEqual([]);
  expect(order).toEqual(['first', 'second']);
});

it('lets different nodes, and questions one after the other, alone', async () => {
  const { asked, latest } = setup();
  const a = latest.children('a');
  const root = latest.children(undefined);
  asked[0]!.resolve(['a1']);
  asked[1]!.resolve(['a']);
  expect(await a).toEqual(['a1']);
  expect(await root).toEqual(['a']);
  const again = latest.children('a');
  asked[2]!.resolve(['a2']);
  expect(await again).toEqual(['a2']);
});

it('passes failures on and goes on after them', async () => {
  const { asked, latest } = setup();
  const failing = latest.children('a');
  asked[0]!.reject(new Error('broken'));
  await expect(failing).rejects.toThrow('broken');
  const again = latest.children('a');
  asked[1]!.resolve(['x']);
  expect(await again).toEqual(['x']);
});
