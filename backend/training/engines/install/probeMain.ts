/** Loads the binding given as argument, multiplies two matrices on it, prints what it found. Run by the installer. */
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { loadTensorflow } from '../tensorflow';

const size = 256;
const allowed = 1e-3;

const binding = process.argv[2];
if (binding === undefined) throw new Error('give the binding as argument');
await loadTensorflow({ folder: path.dirname(path.dirname(binding)), binding });
const a = tf.fill([size, size], 0.5);
const began = performance.now();
const product = tf.matMul(a, a).dataSync();
const matMulMs = performance.now() - began;
const expected = size / 4;
const wrong = product.find((value) => Math.abs(value - expected) > allowed);
if (wrong !== undefined) throw new Error(`matMul gave ${wrong}, ${expected} was expected`);
process.stdout.write(`${JSON.stringify({ backend: tf.getBackend(), matMulMs })}\n`);
