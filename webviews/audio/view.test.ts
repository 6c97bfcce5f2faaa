import { describe, expect, it, vi } from 'vitest';
import { belongsToControl, keyAction } from './keys';
import { colorRamp, parseColor, rampIndex } from './ramp';
import * as views from './view';

describe('the view', () => {
  const whole = views.wholeView(10);

  it('zooms around a time and never leaves the recording', () => {
    const close = views.zoom(whole, 2, 5);
    expect(close.shown).toEqual({ from: 2.5, to: 7.5 });
    expect(views.zoom(close, 2, 2.5).shown).toEqual({ from: 2.5, to: 5 });
    expect(views.zoom(whole, 2, 10).shown).toEqual({ from: 5, to: 10 });
    expect(views.zoom(close, 0.1, 5).shown).toEqual({ from: 0, to: 10 });
    let deep = whole;
    for (let i = 0; i < 50; i++) deep = views.zoom(deep, 2, 3);
    expect(deep.shown.to - deep.shown.from).toBeCloseTo(0.001);
    expect(views.fit(deep).shown).toEqual({ from: 0, to: 10 });
  });

  it('scrolls to its ends', () => {
    const close = views.zoom(whole, 5, 0);
    expect(views.scroll(close, 1).shown).toEqual({ from: 1, to: 3 });
    expect(views.scroll(close, -9).shown).toEqual({ from: 0, to: 2 });
    expect(views.scroll(close, 99).shown).toEqual({ from: 8, to: 10 });
  });

  it('follows the playhead by pages, a jump to its middle', () => {
    const close = views.zoom(whole, 5, 0);
    expect(views.follow(close, 1)).toBe(close);
    expect(views.follow(close, 2.05).shown.from).toBeCloseTo(2);
    expect(views.follow(close, 7).shown).toEqual({ from: 6, to: 8 });
  });

  it('selects what is dragged over, and loops it', () => {
    const selected = views.select(whole, 7, 3);
    expect(selected.selection).toEqual({ from: 3, to: 7 });
    expect(views.select(whole, 3, 3.001).selection).toBeUndefined();
    expect(views.select(whole, -1, 99).selection).toEqual({ from: 0, to: 10 });
    expect(views.loopRange(selected)).toBeUndefined();
    expect(views.loopRange(views.toggleLoop(selected))).toEqual({ from: 3, to: 7 });
    expect(views.loopRange(views.toggleLoop(whole))).toEqual({ from: 0, to: 10 });
  });

  it('marks round times', () => {
    expect(views.ticks({ from: 0, to: 10 }, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(views.ticks({ from: 61, to: 185 }, 5)).toEqual([90, 120, 150, 180]);
    expect(views.ticks({ from: 0, to: 0 }, 5)).toEqual([]);
  });
});

describe('keys', () => {
  const key = (name: string, modifiers = {}) =>
    keyAction({ key: name, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...modifiers });

  it('play, seek, zoom and loop', () => {
    expect(key(' ')).toEqual({ kind: 'toggle' });
    expect(key('ArrowLeft', { shiftKey: true })).toEqual({ kind: 'seek', seconds: -5 });
    expect(key('ArrowRight', { altKey: true })).toEqual({ kind: 'seek', seconds: 0.1 });
    expect(key('+')).toEqual({ kind: 'zoom', factor: 2 });
    expect(key('م')).toEqual({ kind: 'loop' });
    expect([key('x'), key('ط')]).toEqual([{ kind: 'other' }, { kind: 'other' }]);
    expect(key('q')).toBeUndefined();
  });

  it("leave the editor's shortcuts and unknown targets alone", () => {
    expect(key('l', { ctrlKey: true })).toBeUndefined();
    vi.stubGlobal('Element', class {});
    expect(belongsToControl(null, ' ')).toBe(false);
    vi.unstubAllGlobals();
  });
});

describe('the colours of the spectrogram', () => {
  it('run evenly between the stops', () => {
    const ramp = colorRamp([
      [0, 0, 0],
      [100, 200, 50],
      [255, 255, 255],
    ]);
    expect([...ramp.slice(0, 3)]).toEqual([0, 0, 0]);
    expect([...ramp.slice(-3)]).toEqual([255, 255, 255]);
    expect(ramp[128 * 3]).toBeGreaterThanOrEqual(100);
    expect([rampIndex(-200, 0), rampIndex(-40, 0), rampIndex(5, 0)]).toEqual([0, 128, 255]);
  });

  it('are read as browsers write them', () => {
    expect(parseColor('#fff')).toEqual([255, 255, 255]);
    expect(parseColor(' #1f1f1fcc')).toEqual([31, 31, 31]);
    expect(parseColor('rgba(1, 2, 3, 0.5)')).toEqual([1, 2, 3]);
    expect(parseColor('rgb(1 2 3 / 50%)')).toEqual([1, 2, 3]);
    expect(parseColor('transparent')).toBeUndefined();
  });
});
