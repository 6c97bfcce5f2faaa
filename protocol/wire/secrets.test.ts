import { describe, expect, it } from 'vitest';
import { maskSecrets } from './secrets';

describe('maskSecrets', () => {
  it.each([
    ['token hf_abcDEF123 used', 'token hf_*** used'],
    ['"authorization":"Bearer abc.def"', '"authorization":"Bearer ***"'],
    ['Authorization: bearer xyz', 'Authorization: bearer ***'],
    ['postgres://goya:s3cret@db.example/goya', 'postgres://goya:***@db.example/goya'],
    ['http://proxy:p%40ss@127.0.0.1:3128', 'http://proxy:***@127.0.0.1:3128'],
  ])('masks %s', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
  });

  it('leaves ordinary text alone', () => {
    const text = 'https://huggingface.co/facebook/mms-tts-fas at 12:30 user@example';
    expect(maskSecrets(text)).toBe(text);
  });
});
