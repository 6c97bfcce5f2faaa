import { describe, expect, it } from 'vitest';
import { publishedTaskOf, speechTaskOf } from './published';

describe('what a downloaded model does', () => {
  const voice = { architecture: 'vits', format: 'safetensors', status: 'ready', metadata: {} } as const;
  it('is told from its family and weights', () => {
    expect(publishedTaskOf(voice)).toBe('text-to-speech');
    expect(publishedTaskOf({ ...voice, architecture: 'whisper', format: 'pytorch' })).toBe(
      'automatic-speech-recognition',
    );
    expect(publishedTaskOf({ ...voice, architecture: 'bert' })).toBe('text-classification');
    expect(publishedTaskOf({ ...voice, architecture: 'gpt2' })).toBe('text-generation');
  });
  it('is said by the record of what a runtime runs', () => {
    const runsHere = { verdict: 'yes', reason: 'It does.' };
    const piper = { ...voice, architecture: 'Piper VITS', format: 'onnx' };
    const metadata = { task: 'text-to-speech', runsHere };
    expect(publishedTaskOf({ ...piper, metadata })).toBe('text-to-speech');
    expect(publishedTaskOf({ ...piper, metadata: { task: 'drawing', runsHere } })).toBeUndefined();
    expect(
      publishedTaskOf({ ...piper, metadata: { ...metadata, runsHere: { ...runsHere, verdict: 'no' } } }),
    ).toBeUndefined();
  });
  it('is not known of another family, of other weights, or of what is not whole', () => {
    expect(publishedTaskOf({ ...voice, architecture: 'toString' })).toBeUndefined();
    expect(publishedTaskOf({ ...voice, architecture: undefined })).toBeUndefined();
    expect(publishedTaskOf({ ...voice, format: 'onnx' })).toBeUndefined();
    expect(publishedTaskOf({ ...voice, status: 'corrupt' })).toBeUndefined();
  });
});

describe('what speaks or listens', () => {
  const trained = { format: 'tfjs-layers', status: 'ready', metadata: { source: 'trained' } } as const;
  it('is a downloaded model, or one that was trained here', () => {
    const voice = { architecture: 'vits', format: 'safetensors', status: 'ready', metadata: {} } as const;
    expect(speechTaskOf(voice)).toBe('text-to-speech');
    expect(speechTaskOf({ ...trained, architecture: 'text-to-speech' })).toBe('text-to-speech');
    expect(speechTaskOf({ ...trained, architecture: 'speech-recognition' })).toBe(
      'automatic-speech-recognition',
    );
  });
  it('is nothing else that was trained here, nor what is not whole', () => {
    expect(speechTaskOf({ ...trained, architecture: 'text-classification' })).toBeUndefined();
    expect(speechTaskOf({ ...trained, architecture: 'text-to-speech', status: 'missing' })).toBeUndefined();
    expect(speechTaskOf({ ...trained, architecture: 'text-to-speech', metadata: {} })).toBeUndefined();
  });
});
