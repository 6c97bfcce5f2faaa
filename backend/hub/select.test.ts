import { describe, expect, it } from 'vitest';
import { selectDefault } from './select';

const files = (...paths: (string | [string, number])[]): { path: string; size: number }[] =>
  paths.map((entry) =>
    typeof entry === 'string' ? { path: entry, size: 1000 } : { path: entry[0], size: entry[1] },
  );
const kept = (...paths: (string | [string, number])[]): string[] =>
  selectDefault(files(...paths)).files.map((file) => file.path);

describe('selectDefault', () => {
  it('takes safetensors and says what it leaves out', () => {
    const all = files(
      'config.json',
      'vocab.json',
      ['model.safetensors', 5e8],
      ['pytorch_model.bin', 5e8],
      ['tf_model.h5', 5e8],
      ['flax_model.msgpack', 5e8],
      ['onnx/model.onnx', 5e8],
    );
    const { files: chosen, note } = selectDefault(all);
    expect(chosen.map((file) => file.path)).toEqual(['config.json', 'vocab.json', 'model.safetensors']);
    expect(note).toContain('safetensors');
    expect(note).toContain('2.0 GB');
    expect(note).toContain('ONNX');
    expect(note).toContain("'*'");
  });

  it('prefers a tf.js model, with its shards', () => {
    expect(
      kept('model.json', 'group1-shard1of2.bin', 'group1-shard2of2.bin', 'model.safetensors', 'README.md'),
    ).toEqual(['model.json', 'group1-shard1of2.bin', 'group1-shard2of2.bin', 'README.md']);
    expect(kept('model.json', 'weights.bin', 'goya.json')).toHaveLength(3);
  });

  it('leaves a repository with one format as it is, without a note', () => {
    const { files: chosen, note } = selectDefault(files('config.json', 'pytorch_model.bin', 'data.bin'));
    expect(chosen).toHaveLength(3);
    expect(note).toBeUndefined();
  });

  it('keeps all shards of one model', () => {
    const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
    expect(kept(...shards, 'model.safetensors.index.json', 'pytorch_model.bin')).toEqual([
      ...shards,
      'model.safetensors.index.json',
    ]);
    const pickles = ['pytorch_model-00001-of-00002.bin', 'pytorch_model-00002-of-00002.bin'];
    expect(kept(...pickles, 'pytorch_model.bin.index.json', 'config.json')).toHaveLength(4);
  });

  it('takes one checkpoint of several, and no training state', () => {
    expect(
      kept(
        'config.json',
        ['checkpoint_88000.pth', 998e6],
        ['checkpoint_99000.pth', 998e6],
        ['best_model_98066.pth', 999e6],
      ),
    ).toEqual(['config.json', 'best_model_98066.pth']);
    expect(kept(['checkpoint_9.pth', 10], ['checkpoint_10.pth', 10])).toEqual(['checkpoint_10.pth']);
    expect(
      kept(
        'model.safetensors',
        'optimizer.pt',
        'rng_state.pth',
        'training_args.bin',
        'checkpoint-500/model.safetensors',
      ),
    ).toEqual(['model.safetensors']);
  });

  it('keeps pickles of different things', () => {
    expect(kept(['G.pth', 100e6], ['speaker_encoder.pth', 5e6])).toHaveLength(2);
  });

  it('keeps the only format of a part, drops a copy in a folder of its own', () => {
    expect(
      kept('unet/model.safetensors', 'unet/model.bin', 'vocoder/model.bin', 'openvino/openvino_model.bin'),
    ).toEqual(['unet/model.safetensors', 'vocoder/model.bin']);
  });

  it('takes one GGUF quantisation', () => {
    expect(kept('a.Q2_K.gguf', 'a.Q4_K_M.gguf', 'a.Q8_0.gguf', 'a.f16.gguf', 'README.md')).toEqual([
      'a.Q4_K_M.gguf',
      'README.md',
    ]);
    expect(kept('a-Q8_0.gguf', 'a-Q5_K_M.gguf')).toEqual(['a-Q5_K_M.gguf']);
    expect(kept('a-Q8_0-00001-of-00002.gguf', 'a-Q8_0-00002-of-00002.gguf')).toHaveLength(2);
  });

  it('takes the plain ONNX of each part, with its config', () => {
    expect(
      kept('onnx/encoder.onnx', 'onnx/encoder_fp16.onnx', 'onnx/decoder.onnx', 'onnx/decoder_quantized.onnx'),
    ).toEqual(['onnx/encoder.onnx', 'onnx/decoder.onnx']);
    expect(kept('fa_IR-amir-medium.onnx', 'fa_IR-amir-medium.onnx.json')).toHaveLength(2);
    expect(kept('model.onnx', 'model.onnx_data')).toHaveLength(2);
  });

  it('takes the Persian voices of a collection of many languages, whole', () => {
    const voice = (path: string): string[] => [path, `${path}.json`];
    const persian = voice('fa/fa_IR/amir/medium/fa_IR-amir-medium.onnx');
    expect(
      kept('README.md', ...persian, ...voice('de/de_DE/eva/low/de_DE-eva-low.onnx'), 'voices.json'),
    ).toEqual(['README.md', ...persian, 'voices.json']);
    expect(kept(...voice('de/a.onnx'), ...voice('en/b.onnx'))).toHaveLength(4);
    // Parts of one model are no voices.
    expect(kept('fa/encoder.onnx', 'fa/decoder.onnx', 'model.onnx')).toHaveLength(3);
  });

  it('leaves out a second set of safetensors', () => {
    expect(
      kept('model-00001-of-00001.safetensors', 'consolidated.safetensors', 'model.fp16.safetensors'),
    ).toEqual(['model-00001-of-00001.safetensors']);
  });

  it('takes one precision of a pipeline, with the index of its shards', () => {
    expect(
      kept(
        'model_index.json',
        'unet/diffusion_pytorch_model.safetensors',
        'unet/diffusion_pytorch_model.fp16.safetensors',
        'vae/diffusion_pytorch_model-00001-of-00002.safetensors',
        'vae/diffusion_pytorch_model-00002-of-00002.safetensors',
        'vae/diffusion_pytorch_model.safetensors.index.json',
        'vae/diffusion_pytorch_model.fp16-00001-of-00001.safetensors',
        'vae/diffusion_pytorch_model.safetensors.index.fp16.json',
        'text_encoder/pytorch_model.bin',
        'text_encoder/model.safetensors',
      ),
    ).toEqual([
      'model_index.json',
      'unet/diffusion_pytorch_model.safetensors',
      'vae/diffusion_pytorch_model-00001-of-00002.safetensors',
      'vae/diffusion_pytorch_model-00002-of-00002.safetensors',
      'vae/diffusion_pytorch_model.safetensors.index.json',
      'text_encoder/model.safetensors',
    ]);
  });

  it('takes ONNX before pickles, and the twins of neither TensorFlow nor Flax', () => {
    expect(kept('config.json', 'model.onnx', 'pytorch_model.bin')).toEqual(['config.json', 'model.onnx']);
    expect(kept('pytorch_model.bin', 'tf_model.h5', 'flax_model.msgpack', 'rust_model.ot')).toEqual([
      'tf_model.h5',
    ]);
  });

  it('leaves out what a distributed trainer keeps for itself', () => {
    expect(
      kept(
        'model.safetensors',
        'scheduler.pt',
        'optimizer.bin',
        'trainer_state.json',
        'global_step500/bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt',
        'checkpoint-1000/pytorch_model.bin',
        'checkpoint-1000/config.json',
        'runs/events.out.tfevents.1700000000.host.1.0',
      ),
    ).toEqual(['model.safetensors']);
  });

  it('answers an empty listing', () => {
    expect(selectDefault([])).toEqual({ files: [], note: undefined });
  });
});
