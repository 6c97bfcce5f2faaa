// Loads the engine in the folder given as argument, speaks a Persian word with the voice beside this file, and prints how
// long that took. Ends with an error where a library does not load, the data is missing, or no sound comes.
const path = require('node:path');

const engine = process.argv[2];
if (engine === undefined) throw new Error('give the folder of the engine as argument');
const addon = require(path.join(engine, 'lib', 'sherpa-onnx.node'));
const vits = {
  model: path.join(__dirname, 'voice.onnx'),
  tokens: path.join(__dirname, 'tokens.txt'),
  dataDir: path.join(engine, 'espeak-ng-data'),
};
const began = performance.now();
const voice = addon.createOfflineTts({ model: { vits, numThreads: 1, provider: 'cpu' } });
const { samples } = addon.offlineTtsGenerate(voice, {
  text: 'سلام',
  sid: 0,
  speed: 1,
  enableExternalBuffer: false,
});
const speakMs = performance.now() - began;
if (samples.length === 0 || !samples.every(Number.isFinite)) throw new Error('no sound came');
process.stdout.write(`${JSON.stringify({ samples: samples.length, speakMs })}\n`);
