import { describe, expect, it } from 'vitest';
import { errorCodes, isStudioError, StudioError, toStudioError } from './errors';

describe('errors', () => {
  it('have unique codes from 1001', () => {
    const codes = Object.values(errorCodes);
    expect(new Set(codes).size).toBe(codes.length);
    expect(Math.min(...codes)).toBe(1001);
  });

  it('turn an abort into `cancelled` and the unknown into `internal` without its message', () => {
    expect(toStudioError(new DOMException('x', 'AbortError')).kind).toBe('cancelled');
    const internal = toStudioError(new TypeError('secret detail'));
    expect(internal.kind).toBe('internal');
    expect(internal.message).not.toContain('secret detail');
    expect(internal.cause).toBeInstanceOf(TypeError);
  });

  it('are recognised by kind', () => {
    const error = new StudioError('hub.notFound', 'No such model.');
    expect(isStudioError(error, 'hub.notFound')).toBe(true);
    expect(isStudioError(error, 'hub.gated')).toBe(false);
    expect(toStudioError(error)).toBe(error);
  });
});
