import { afterEach, describe, expect, it } from 'vitest';
import { StudioError, errorKinds } from '../protocol/wire/errors';
import { explain } from './errorTable';
import { useLanguage } from './text/translate';

afterEach(() => useLanguage('en', {}));

describe('explain', () => {
  it.each(errorKinds.filter((kind) => kind !== 'cancelled'))('has at most two actions for %s', (kind) => {
    const shown = explain(new StudioError(kind, 'What happened.', { details: { url: 'https://hub/x' } }));
    expect(shown?.message).toBe('What happened.');
    expect(shown?.actions.length).toBeLessThanOrEqual(2);
    for (const action of shown?.actions ?? []) expect(action.title).not.toBe('');
  });

  it('says nothing when the person cancelled', () => {
    expect(explain(new StudioError('cancelled', 'x'))).toBeUndefined();
    expect(explain(new DOMException('x', 'AbortError'))).toBeUndefined();
  });

  it("never shows what is not a StudioError's own message", () => {
    const shown = explain(new TypeError("Cannot read properties of undefined (reading 'x')"));
    expect(shown?.message).not.toContain('undefined');
    expect(shown?.actions.map((action) => action.title)).toContain('Show Log');
  });

  it("offers a gated model's page, and only a web page", () => {
    const titles = (url: string) =>
      explain(new StudioError('hub.gated', 'x', { details: { url } }))?.actions.map((action) => action.title);
    expect(titles('https://huggingface.co/a/b')).toEqual(["Open the Model's Page", 'Set Token']);
    expect(titles('file:///etc/passwd')).toEqual(['Set Token']);
  });

  it('puts a sentence in the language of the interface before the precise message', () => {
    useLanguage('fa', { 'The disk is full.': 'دیسک پر است.' });
    expect(explain(new StudioError('download.diskFull', '12 MB are missing on /data.'))?.message).toBe(
      '\u2067\u2067دیسک پر است.\u2069 \u206812 MB are missing on /data.\u2069\u2069',
    );
  });
});
