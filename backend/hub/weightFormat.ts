/** What kind of weights a file holds, told from its name alone, as listings give nothing else. */

/** Best first: tf.js models run here today; safetensors and ONNX hold no code; pickles may run code when opened. */
export const weightFormats = [
  'tfjs',
  'safetensors',
  'onnx',
  'gguf',
  'tflite',
  'keras',
  'nemo',
  'pytorch',
  'flax',
  'openvino',
  'coreml',
  'rust',
] as const;
export type WeightFormat = (typeof weightFormats)[number];

export const formatNames: Readonly<Record<WeightFormat, string>> = {
  tfjs: 'TensorFlow.js',
  safetensors: 'safetensors',
  onnx: 'ONNX',
  gguf: 'GGUF',
  tflite: 'TensorFlow Lite',
  keras: 'TensorFlow (Keras)',
  nemo: 'NeMo',
  pytorch: 'PyTorch (pickle)',
  flax: 'Flax',
  openvino: 'OpenVINO',
  coreml: 'Core ML',
  rust: 'Rust (libtorch)',
};

const byName: readonly (readonly [RegExp, WeightFormat])[] = [
  // An index of a variant: `model.safetensors.index.fp16.json`.
  [/\.safetensors(\.index(\.\w+)?\.json)?$/, 'safetensors'],
  [/(\.onnx([._-]data(_\d+)?)?|\.onnx\.json)$/, 'onnx'],
  [/\.gguf$/, 'gguf'],
  [/\.tflite$/, 'tflite'],
  [/\.(h5|keras)(\.index\.json)?$/, 'keras'],
  [/\.nemo$/, 'nemo'],
  [/\.msgpack(\.index\.json)?$/, 'flax'],
  [/\.(mlmodel|mlpackage\/.*)$/, 'coreml'],
  [/(^|\/)openvino_[^/]*\.(bin|xml)$/, 'openvino'],
  [/\.ot$/, 'rust'],
  [/\.(pt|pth|ckpt|pkl)$/, 'pytorch'],
  [/(^|\/)([\w-]*_)?(model|adapter)[\w.-]*\.bin(\.index\.json)?$/, 'pytorch'],
];

/** What a trainer leaves for itself: of no use to anyone who wants the model. */
const trainingState =
  /(^|\/)(global_step\d+\/.*|optimizer\.(pt|bin|safetensors)|scheduler\.(pt|bin)|scaler\.pt|rng_state[\w-]*\.pth|training_args\.bin|trainer_state\.json|events\.out\.tfevents\.[^/]*)$/;

export function isTrainingState(path: string): boolean {
  return trainingState.test(path);
}

/** `tfjsFolders`: the folders that hold a tf.js `model.json`, whose `.bin` shards have no name of their own. */
export function weightFormatOf(path: string, tfjsFolders: ReadonlySet<string>): WeightFormat | undefined {
  const folder = folderOf(path);
  const name = path.slice(folder === '' ? 0 : folder.length + 1);
  if (tfjsFolders.has(folder) && (name === 'model.json' || isTfjsShard(name))) return 'tfjs';
  const lower = path.toLowerCase();
  return byName.find(([expression]) => expression.test(lower))?.[1];
}

const isTfjsShard = (name: string): boolean =>
  /^(group\d+-shard\d+of\d+(\.bin)?|weights\.bin|model\.weights\.bin)$/.test(name);

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** Folders where a `model.json` stands beside shards of weights as tf.js's converter and `model.save` name them. */
export function tfjsFoldersOf(paths: readonly string[]): Set<string> {
  const withModel = new Set(paths.filter((path) => /(^|\/)model\.json$/.test(path)).map(folderOf));
  const withShards = new Set(
    paths.filter((path) => isTfjsShard(path.slice(path.lastIndexOf('/') + 1))).map(folderOf),
  );
  return new Set([...withModel].filter((folder) => withShards.has(folder)));
}
