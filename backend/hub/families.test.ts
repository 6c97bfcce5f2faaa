import { describe, expect, it } from 'vitest';
import { isRunnable, judgeFamily } from './families';

const gigabyte = 1e9;
const facts = { parameters: 1e9, bytes: 2e9, dtype: 'F16' };

describe('a family that the backend runs', () => {
  it.each([
    [true, 'safetensors', { architectures: ['VitsModel'] }],
    [true, 'pytorch', { architectures: ['WhisperForConditionalGeneration'], add_adapter: null }],
    [false, 'onnx', { architectures: ['VitsModel'] }],
    [false, 'safetensors', { architectures: ['Wav2Vec2ForPreTraining'] }],
    [false, 'safetensors', { architectures: ['Wav2Vec2ForCTC'], adapter_attn_dim: 16 }],
    [false, 'safetensors', { architectures: [] }],
    [false, 'safetensors', undefined],
  ] as const)('%s: %s with %j', (runs, format, config) => {
    expect(isRunnable(format, config)).toBe(runs);
  });

  it.each([
    ['yes', 16, /^The weights are F16 weights: big; Goya runs them in the backend\.$/],
    ['slow', 6, /more than half of this machine's memory/],
    ['no', 3, /more than this machine has/],
  ] as const)('is judged %s by the memory of %i GB that its numbers have', (verdict, memory, reason) => {
    const judged = judgeFamily('F16 weights', ': big', facts, memory * gigabyte);
    expect(judged.verdict).toBe(verdict);
    expect(judged.reason).toMatch(reason);
  });
});
