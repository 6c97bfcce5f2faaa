import { describe, expect, it } from 'vitest';
import { publishedTaskOf } from './published';

describe('what a downloaded model does', () => {
  const voice = { architecture: 'vits', format: 'safetensors', status: 'ready' } as const;
  it('is told from its family and weights', () => {
    expect(publishedTaskOf(voice)).toBe('text-to-speech');
    expect(publishedTaskOf({ ...voice, architecture: 'whisper', format: 'pytorch' })).toBe(
      'automatic-speech-recognition',
    );
    expect(publishedTaskOf({ ...voice, architecture: 'bert' })).toBe('text-classification');
    expect(publishedTaskOf({ ...voice, architecture: 'gpt2' })).toBe('text-generation');
  });
  it('is not known of another family, of other weights, or of what is not whole', () => {
    expect(publishedTaskOf({ ...voice, architecture: 'toString' })).toBeUndefined();
    expect(publishedTaskOf({ ...voice, architecture: undefined })).toBeUndefined();
    expect(publishedTaskOf({ ...voice, format: 'onnx' })).toBeUndefined();
    expect(publishedTaskOf({ ...voice, status: 'corrupt' })).toBeUndefined();
  });
});
