import { describe, expect, it } from 'vitest';
import { seededRandom } from '../generation/random';
import { CtcTokens } from '../tokenizers/ctcTokens';
import { joinWindows, windowsOf, type WindowOptions } from './windows';

const options: WindowOptions = { frames: 100, stride: 10, hop: 4, field: 9 };
const tokens = CtcTokens.fromJson({ '<pad>': 0, '|': 1, س: 2, ا: 3, ل: 4, م: 5 });
const textOf = (ids: readonly number[]): string => tokens.decode(ids).text;

/** Peaks of letters between blanks, as a CTC model gives them; true double letters among them. */
function emissions(frames: number, seed: number): number[] {
  const random = seededRandom(seed);
  const ids: number[] = [];
  while (ids.length < frames) {
    const letter = 1 + Math.floor(random() * 5);
    const long = 1 + Math.floor(random() * 2);
    ids.push(...Array<number>(long).fill(letter), ...Array<number>(1 + Math.floor(random() * 4)).fill(0));
  }
  return ids.slice(0, frames);
}
const framesOf = (samples: number): number => Math.floor((samples - options.field) / options.hop) + 1;

describe('windows over a long sound', () => {
  it.each([8, 9, 100, 405, 406, 725, 726, 3003])('cover %i samples frame by frame', (samples) => {
    const windows = windowsOf(samples, options);
    let reached = 0;
    for (const { frame, start, end } of windows) {
      expect(start).toBe(frame * options.hop);
      expect(frame === 0 || reached - frame >= 2 * options.stride).toBe(true);
      reached = frame + framesOf(end - start);
      expect(end - start).toBeLessThanOrEqual((options.frames - 1) * options.hop + options.field);
    }
    expect(reached).toBe(framesOf(samples));
    expect(windows.length === 1).toBe(samples <= 405);
  });

  it('are joined to the whole, whatever they hear at their edges', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const whole = emissions(700, seed);
      const heard = windowsOf(699 * options.hop + options.field, options).map(({ frame, start, end }) => {
        const ids = whole.slice(frame, frame + framesOf(end - start));
        // What stands near an edge is misheard.
        for (let i = 0; i < 5; i++) {
          if (frame > 0) ids[i] = 5;
          if (frame + ids.length < whole.length) ids[ids.length - 1 - i] = 4;
        }
        return { frame, ids };
      });
      expect(joinWindows(heard)).toEqual(whole);
    }
  });

  it('lose and double nothing where two of them hear letters a frame or two apart', () => {
    const letter = (at: number, id: number, ids: number[]): void => void (ids[at] = id);
    for (let at = 4; at < 16; at++) {
      for (const shift of [-2, -1, 1, 2]) {
        const [earlier, later] = [new Array<number>(100).fill(0), new Array<number>(100).fill(0)];
        letter(40, 2, earlier);
        letter(80 + at, 3, earlier);
        letter(at + shift, 3, later);
        letter(60, 4, later);
        const ids = joinWindows([
          { frame: 0, ids: earlier },
          { frame: 80, ids: later },
        ]);
        expect(ids).toHaveLength(180);
        expect(textOf(ids)).toBe('سال');
      }
    }
  });

  it('keep a double letter that stands across a cut', () => {
    const whole = emissions(180, 3);
    [whole[88], whole[89], whole[90], whole[91], whole[92]] = [2, 2, 0, 2, 2];
    const ids = joinWindows([
      { frame: 0, ids: whole.slice(0, 100) },
      { frame: 80, ids: whole.slice(80) },
    ]);
    expect(ids).toEqual(whole);
  });

  it('that share nothing are put after one another', () => {
    expect(
      joinWindows([
        { frame: 0, ids: [1, 2] },
        { frame: 2, ids: [3] },
      ]),
    ).toEqual([1, 2, 3]);
    expect(joinWindows([])).toEqual([]);
  });
});
