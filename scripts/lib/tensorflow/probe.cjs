// Run by verify.mjs: loads the binding given as argument, multiplies two matrices on it, prints what it found.
const path = require('node:path');
const util = require('node:util');
const { createRequire } = require('node:module');

// Node 23 removed these; tfjs-node 4.22 calls them.
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;

const from = createRequire(path.join(process.env.GOYA_PROBE_ROOT, 'package.json'));
const binding = require(process.argv[2]);
from('@tensorflow/tfjs-node/dist/register_all_kernels');
const { NodeJSKernelBackend } = from('@tensorflow/tfjs-node/dist/nodejs_kernel_backend');
const tf = from('@tensorflow/tfjs-core');

tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(binding, 'tfjs-node'), 3);
if (!tf.setBackend('tensorflow')) throw new Error('tfjs refused the backend');
const size = 256;
const a = tf.fill([size, size], 0.5);
const started = process.hrtime.bigint();
const product = tf.matMul(a, a).dataSync();
const ms = Number(process.hrtime.bigint() - started) / 1e6;
const expected = size * 0.25;
for (const value of product)
  if (Math.abs(value - expected) > 1e-3) throw new Error(`matMul gave ${value}, ${expected} was expected`);
console.log(JSON.stringify({ tensorflow: binding.TF_Version, backend: tf.getBackend(), matMulMs: ms }));
