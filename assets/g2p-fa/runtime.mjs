// The layers of this model, and words to phonemes. With tf.js alone:
//   import * as tf from '@tensorflow/tfjs';
//   import { register } from './runtime.mjs';
//   const { phonemizeWords } = register(tf);            // before tf.loadLayersModel
//   const model = await tf.loadLayersModel(url);        // …/model.json
//   const { labels, preprocessing } = goya;             // …/goya.json, parsed
//   await phonemizeWords({ model, labels, preprocessing }, ['سلام', 'دنیا']);
export function register(tf) {
  const module = { exports: {} };
  const require = () => tf;
"use strict";
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf, __hasOwnProp = Object.prototype.hasOwnProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: !0 });
}, __copyProps = (to, from, except, desc) => {
  if (from && typeof from == "object" || typeof from == "function")
    for (let key of __getOwnPropNames(from))
      !__hasOwnProp.call(to, key) && key !== except && __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: !0 }) : target,
  mod
)), __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: !0 }), mod);

// backend/plugins/grapheme-to-phoneme/runtime.ts
var runtime_exports = {};
__export(runtime_exports, {
  phonemizeWords: () => phonemizeWords,
  wordsOf: () => wordsOf
});
module.exports = __toCommonJS(runtime_exports);

// ml/layers/blocks.ts
var tf2 = __toESM(require("@tensorflow/tfjs-core")), import_tfjs_layers = require("@tensorflow/tfjs-layers");

// ml/layers/functional.ts
var tf = __toESM(require("@tensorflow/tfjs-core")), layerNormEpsilon = 1e-5;
function layerNorm(x, gamma, beta) {
  return tf.customGrad((...given) => {
    let [input, scale, shift, save] = given, centred = tf.sub(input, tf.mean(input, -1, !0)), inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, !0), layerNormEpsilon)), unit = tf.mul(centred, inverse);
    return save([unit, inverse, scale]), { value: tf.add(tf.mul(unit, scale), shift), gradFunc: normGradient };
  })(x, gamma, beta);
}
function normGradient(dy, saved) {
  let [unit, inverse, scale] = saved, leading = dy.shape.slice(0, -1).map((_, axis) => axis), dUnit = tf.mul(dy, scale), along = tf.mul(unit, tf.mean(tf.mul(dUnit, unit), -1, !0));
  return [tf.mul(inverse, tf.sub(tf.sub(dUnit, tf.mean(dUnit, -1, !0)), along)), tf.sum(tf.mul(dy, unit), leading), tf.sum(dy, leading)];
}
function dropout(x, rate, training) {
  return training && rate > 0 ? tf.mul(x, tf.tensor(dropoutMask(x.size, rate), x.shape)) : x;
}
function dropoutMask(size, rate) {
  let threshold = Math.round(rate * 256), kept = 256 / (256 - threshold), mask = new Float32Array(size), word2 = Math.floor(Math.random() * 4294967295) | 1;
  for (let i = 0; i < size; i++)
    i % 4 === 0 && (word2 ^= word2 << 13, word2 ^= word2 >>> 17, word2 ^= word2 << 5), (word2 >>> i % 4 * 8 & 255) >= threshold && (mask[i] = kept);
  return mask;
}
function linear(x, kernel, bias) {
  let [from = 0, to = 0] = kernel.shape, rows = tf.reshape(x, [x.size / from, from]), product = tf.matMul(rows, kernel), shifted = bias === void 0 ? product : tf.add(product, bias);
  return tf.reshape(shifted, [...x.shape.slice(0, -1), to]);
}

// ml/layers/blocks.ts
var isTraining = (kwargs) => kwargs?.training === !0;
function pair(inputs) {
  let [x, presence] = Array.isArray(inputs) ? inputs : [inputs];
  if (x === void 0 || presence === void 0) throw new Error("the layer takes [x, presence]");
  return [x, presence];
}
var firstShape = (shape2) => Array.isArray(shape2[0]) ? shape2[0] : shape2;
function single(inputs) {
  let x = Array.isArray(inputs) ? inputs[0] : inputs;
  if (x === void 0) throw new Error("the layer takes one input");
  return x;
}
var Presence = class extends import_tfjs_layers.layers.Layer {
  static className = "GoyaPresence";
  computeOutputShape(shape2) {
    return [...firstShape(shape2), 1];
  }
  call(inputs) {
    return tf2.tidy(() => tf2.expandDims(tf2.cast(tf2.greater(single(inputs), 0), "float32"), -1));
  }
}, Unfold = class extends import_tfjs_layers.layers.Layer {
  static className = "GoyaUnfold";
  factor;
  constructor(args) {
    super(args), this.factor = args.factor;
  }
  computeOutputShape(shape2) {
    let [batch = null, length = null, channels = null] = firstShape(shape2);
    return [batch, length === null ? null : length * this.factor, (channels ?? 0) / this.factor];
  }
  call(inputs) {
    let x = single(inputs), [batch = 0, length = 0, channels = 0] = x.shape;
    return tf2.reshape(x, [batch, length * this.factor, channels / this.factor]);
  }
  getConfig() {
    return { ...super.getConfig(), factor: this.factor };
  }
}, FastDropout = class extends import_tfjs_layers.layers.Layer {
  static className = "GoyaDropout";
  rate;
  constructor(args) {
    super(args), this.rate = args.rate;
  }
  computeOutputShape(shape2) {
    return firstShape(shape2);
  }
  call(inputs, kwargs) {
    return tf2.tidy(() => dropout(tf2.clone(single(inputs)), this.rate, isTraining(kwargs)));
  }
  getConfig() {
    return { ...super.getConfig(), rate: this.rate };
  }
}, Block = class extends import_tfjs_layers.layers.Layer {
  made = /* @__PURE__ */ new Map();
  computeOutputShape(shape2) {
    return firstShape(shape2);
  }
  make(name, shape2, kind) {
    let initializer = kind === "kernel" ? import_tfjs_layers.initializers.glorotUniform({}) : kind === "ones" ? import_tfjs_layers.initializers.ones() : import_tfjs_layers.initializers.zeros();
    this.made.set(name, this.addWeight(name, shape2, "float32", initializer));
  }
  weight(name) {
    let found = this.made.get(name);
    if (found === void 0) throw new Error(`the layer ${this.name} has no weight "${name}"`);
    return found.read();
  }
}, ConvBlock = class extends Block {
  static className = "GoyaConvBlock";
  kernelSize;
  rate;
  constructor(args) {
    super(args), this.kernelSize = args.kernelSize, this.rate = args.rate;
  }
  build(shape2) {
    let channels = firstShape(shape2)[2] ?? 0;
    this.make("kernel", [this.kernelSize, channels, channels], "kernel"), this.make("bias", [channels], "zeros"), this.make("gamma", [channels], "ones"), this.make("beta", [channels], "zeros"), this.built = !0;
  }
  call(inputs, kwargs) {
    return tf2.tidy(() => {
      let [given, presence] = pair(inputs), x = tf2.mul(given, presence), kernel = this.weight("kernel"), y = tf2.relu(tf2.add(tf2.conv1d(x, kernel, 1, "same"), this.weight("bias"))), sum2 = tf2.add(x, dropout(y, this.rate, isTraining(kwargs)));
      return layerNorm(sum2, this.weight("gamma"), this.weight("beta"));
    });
  }
  getConfig() {
    return { ...super.getConfig(), kernelSize: this.kernelSize, rate: this.rate };
  }
}, farBelow = -1e9, AttentionBlock = class extends Block {
  static className = "GoyaAttentionBlock";
  heads;
  inner;
  rate;
  constructor(args) {
    super(args), this.heads = args.heads, this.inner = args.inner, this.rate = args.rate;
  }
  build(shape2) {
    let width = firstShape(shape2)[2] ?? 0;
    for (let name of ["query", "key", "value", "out"]) this.make(name, [width, width], "kernel");
    this.make("outBias", [width], "zeros"), this.make("up", [width, this.inner], "kernel"), this.make("upBias", [this.inner], "zeros"), this.make("down", [this.inner, width], "kernel"), this.make("downBias", [width], "zeros");
    for (let norm of ["1", "2"])
      this.make(`gamma${norm}`, [width], "ones"), this.make(`beta${norm}`, [width], "zeros");
    this.built = !0;
  }
  call(inputs, kwargs) {
    let training = isTraining(kwargs);
    return tf2.tidy(() => {
      let [x, presence] = pair(inputs), seen = layerNorm(x, this.weight("gamma1"), this.weight("beta1")), middle = tf2.add(x, dropout(this.attend(seen, presence, training), this.rate, training)), normal = layerNorm(middle, this.weight("gamma2"), this.weight("beta2")), up = tf2.relu(linear(normal, this.weight("up"), this.weight("upBias"))), down = linear(dropout(up, this.rate, training), this.weight("down"), this.weight("downBias"));
      return tf2.add(middle, dropout(down, this.rate, training));
    });
  }
  attend(x, presence, training) {
    let [batch, length, width] = x.shape, size = width / this.heads, split = (name) => {
      let all = tf2.reshape(linear(x, this.weight(name)), [batch, length, this.heads, size]);
      return tf2.transpose(all, [0, 2, 1, 3]);
    }, absent = tf2.mul(tf2.sub(1, tf2.reshape(presence, [batch, 1, 1, length])), farBelow), scores = tf2.mul(tf2.matMul(split("query"), split("key"), !1, !0), 1 / Math.sqrt(size)), shares = dropout(tf2.softmax(tf2.add(scores, absent)), this.rate, training), mixed = tf2.transpose(tf2.matMul(shares, split("value")), [0, 2, 1, 3]);
    return linear(tf2.reshape(mixed, [batch, length, width]), this.weight("out"), this.weight("outBias"));
  }
  getConfig() {
    return { ...super.getConfig(), heads: this.heads, inner: this.inner, rate: this.rate };
  }
}, MeanScores = class extends import_tfjs_layers.layers.Layer {
  static className = "GoyaMeanScores";
  computeOutputShape(shape2) {
    return firstShape(shape2);
  }
  call(inputs) {
    return tf2.tidy(() => {
      let all = Array.isArray(inputs) ? inputs : [inputs], sum2 = tf2.addN(all.map((scores) => tf2.softmax(scores)));
      return tf2.log(tf2.add(tf2.div(sum2, all.length), 1e-30));
    });
  }
};
function registerBlocks() {
  for (let layer of [Presence, Unfold, FastDropout, MeanScores, ConvBlock, AttentionBlock])
    tf2.serialization.registerClass(layer);
}

// ml/g2p/phonemize.ts
var tf3 = __toESM(require("@tensorflow/tfjs-core"));

// ml/ctc/decode.ts
function greedyDecode(scores, frames, classes, blank = 0) {
  let labels = [], before2 = blank;
  for (let t = 0; t < frames; t++) {
    let best = 0;
    for (let c = 1; c < classes; c++)
      (scores[t * classes + c] ?? 0) > (scores[t * classes + best] ?? 0) && (best = c);
    best !== blank && best !== before2 && labels.push(best), before2 = best;
  }
  return labels;
}

// ml/text/rule.ts
function compile(step) {
  if (!("find" in step)) return (text) => text.normalize(step.form);
  let pattern = new RegExp(step.find, "gu");
  return "form" in step ? (text) => text.replace(pattern, (match) => match.normalize(step.form)) : (text) => text.replace(pattern, step.to);
}
function rule(...steps) {
  let compiled = steps.map(compile);
  return Object.assign((text) => compiled.reduce((value, apply) => apply(value), text), { steps });
}

// ml/text/digits.ts
var zeros = { latin: 48, arabic: 1632, persian: 1776 };
function digitsTo(target) {
  let others = Object.values(zeros).filter((zero) => zero !== target);
  return rule(
    ...Array.from({ length: 10 }, (_, value) => ({
      find: `[${others.map((zero) => String.fromCodePoint(zero + value)).join("")}]`,
      to: String.fromCodePoint(target + value)
    }))
  );
}
var persianDigits = digitsTo(zeros.persian), latinDigits = digitsTo(zeros.latin);

// ml/text/halfSpace.ts
var letters = "\\u0620-\\u063F\\u0641-\\u065F\\u066E-\\u06D3\\u06D5-\\u06ED\\u06EE\\u06EF\\u06FA-\\u06FF\\u0750-\\u077F", unjoined = "\\u0621-\\u0625\\u0627\\u0629\\u062F-\\u0632\\u0648\\u0671-\\u0673\\u0688-\\u0699\\u06C4-\\u06CB\\u06CF\\u06D5", halfSpace = rule(
  { find: `(?<=[${letters}])[\\u00AC\\u200B\\u200C]+(?=[${letters}])`, to: "\u200C" },
  { find: "\\u200B", to: "" },
  { find: `(?<![${letters}])\\u200C+|\\u200C+(?![${letters}])`, to: "" },
  { find: `(?<=[${unjoined}])\\u200C`, to: "" }
), halfSpaceAsSpace = rule({ find: "\\u200C", to: " " }), halfSpaceRemoved = rule({ find: "\\u200C", to: "" }), before = "(?<=^|[ \\n\\u00AB(])", after = "(?=$|[ \\n.\\u060C\\u061B\\u061F!:\\u00BB)])", plural = "\\u0647\\u0627(?:\\u06CC(?:\\u06CC|\\u0645|\\u062A|\\u0634|\\u0645\\u0627\\u0646|\\u062A\\u0627\\u0646|\\u0634\\u0627\\u0646)?)?", degree = "\\u062A\\u0631(?:\\u06CC\\u0646)?", affixes = rule(
  { find: `${before}(\\u0646?\\u0645\\u06CC) (?=[${letters}])`, to: "$1\u200C" },
  { find: `(?<=[${letters}]) (?=(?:${plural}|${degree})${after})`, to: "\u200C" }
);

// ml/text/invisible.ts
var bidiControls = rule({ find: "[\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]", to: "" }), controls = rule(
  {
    find: "[\\0-\\x08\\x0E-\\x1F\\x7F-\\x84\\x86-\\x9F\\u00AD\\u2060-\\u2064\\uFEFF\\uFFF9-\\uFFFB\\p{Cs}]",
    to: ""
  },
  {
    find: "(?<![\\p{Extended_Pictographic}\\p{EMod}\\uFE0F])\\u200D|\\u200D(?!\\p{Extended_Pictographic})",
    to: ""
  }
);

// ml/text/letters.ts
var composed = rule({ form: "NFC" }), presentationForms = rule({ find: "[\\uFB50-\\uFDFF\\uFE70-\\uFEFC]+", form: "NFKC" }), yeh = rule(
  { find: "[\\u0649\\u064A\\u06CD\\u06D2]", to: "\u06CC" },
  // Unicode composes the hamza with the Arabic yeh only.
  { find: "\\u06CC\\u0654", to: "\u0626" },
  { find: "\\u06D3", to: "\u0626" }
), kaf = rule({ find: "[\\u0643\\u06AA]", to: "\u06A9" }), heh = rule(
  { find: "[\\u06C0\\u06C2]", to: "\u0647\u0654" },
  { find: "[\\u06BE\\u06C1\\u06D5]", to: "\u0647" }
);

// ml/text/marks.ts
var kashida = rule({ find: "\\u0640", to: "" }), diacritics = rule({
  find: "[\\u0610-\\u061A\\u064B-\\u0652\\u0656-\\u065F\\u0670\\u06D6-\\u06DC\\u06DF-\\u06E4\\u06E7\\u06E8\\u06EA-\\u06ED]",
  to: ""
});

// ml/text/punctuation.ts
var word = "\\p{L}\\p{M}\\u200C", punctuationSpacing = rule(
  { find: " +(?=[\\u060C\\u061B\\u061F!?;,:\\u2026\\u00BB)\\]}])", to: "" },
  // A point may begin a name or a number: ".NET", ".5".
  { find: " +(?=\\.+(?:[^.\\p{L}\\p{N}]|$))", to: "" },
  { find: "(?<=[\\u00AB(\\[{]) +", to: "" },
  { find: "(?<=[\\u061B\\u061F!\\u2026\\u00BB])(?=[\\p{L}\\p{N}\\u00AB(])", to: " " },
  // Between digits a comma parts thousands.
  { find: "(?<=\\u060C)(?=[\\p{L}\\u00AB(])|(?<=[^\\p{N}]\\u060C)(?=\\p{N})", to: " " },
  // Two letters and more on both sides: abbreviations and addresses stay.
  {
    find: `(?<=\\p{Script=Arabic}[${word}]*\\p{Script=Arabic}[.:])(?=\\p{Script=Arabic}[\\p{L}\\p{M}])`,
    to: " "
  },
  { find: "(?<=[\\p{L}\\p{N}])(?=\\u00AB)|(?<=\\p{Script=Arabic})(?=\\()", to: " " }
);

// ml/text/spaces.ts
var spaces = rule(
  { find: "\\r\\n?|[\\v\\f\\u0085\\u2028\\u2029]", to: `
` },
  { find: "[\\t\\u00A0\\u1680\\u2000-\\u200A\\u202F\\u205F\\u3000]", to: " " },
  { find: " {2,}", to: " " },
  { find: " ?\\n[ \\n]*", to: `
` },
  { find: "^[ \\n]+|[ \\n]+$", to: "" }
);

// ml/g2p/arithmetic.ts
var plainLinear = (kernel, to, given) => {
  let from = kernel.length / to, weights = new Float64Array(kernel.length);
  for (let p = 0; p < from; p++)
    for (let j = 0; j < to; j++) weights[j * from + p] = kernel[p * to + j] ?? 0;
  let bias = given === void 0 ? new Float64Array(to) : Float64Array.from(given), turned = { from, to, weights, bias };
  return { from, to, apply: (x, rows, stride = from) => multiply(x, rows, turned, stride) };
};
function multiply(x, rows, linear2, stride) {
  let out = new Float64Array(rows * linear2.to), pairs = linear2.to - linear2.to % 2, row = 0;
  for (; row + 4 <= rows; row += 4) {
    for (let j = 0; j < pairs; j += 2) block(x, row, stride, linear2, j, out);
    for (let j = pairs; j < linear2.to; j++)
      for (let i = row; i < row + 4; i++) out[i * linear2.to + j] = single2(x, i * stride, linear2, j);
  }
  for (; row < rows; row++)
    for (let j = 0; j < linear2.to; j++) out[row * linear2.to + j] = single2(x, row * stride, linear2, j);
  return out;
}
function block(x, row, stride, { from, to, weights, bias }, j, out) {
  let x0 = row * stride, x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride, w = j * from, v = w + from, s0 = bias[j] ?? 0, s1 = s0, s2 = s0, s3 = s0, t0 = bias[j + 1] ?? 0, t1 = t0, t2 = t0, t3 = t0;
  for (let p = 0; p < from; p++) {
    let a = weights[w + p] ?? 0, b = weights[v + p] ?? 0, y0 = x[x0 + p] ?? 0, y1 = x[x1 + p] ?? 0, y2 = x[x2 + p] ?? 0, y3 = x[x3 + p] ?? 0;
    s0 += y0 * a, s1 += y1 * a, s2 += y2 * a, s3 += y3 * a, t0 += y0 * b, t1 += y1 * b, t2 += y2 * b, t3 += y3 * b;
  }
  let at = row * to + j;
  out[at] = s0, out[at + 1] = t0, out[at + to] = s1, out[at + to + 1] = t1, out[at + 2 * to] = s2, out[at + 2 * to + 1] = t2, out[at + 3 * to] = s3, out[at + 3 * to + 1] = t3;
}
function single2(x, from, linear2, j) {
  let w = j * linear2.from, sum2 = linear2.bias[j] ?? 0;
  for (let p = 0; p < linear2.from; p++) sum2 += (x[from + p] ?? 0) * (linear2.weights[w + p] ?? 0);
  return sum2;
}
function relu2(x) {
  for (let i = 0; i < x.length; i++) x[i] = Math.max(0, x[i] ?? 0);
  return x;
}
function addTo(x, y) {
  for (let i = 0; i < x.length; i++) x[i] = (x[i] ?? 0) + (y[i] ?? 0);
  return x;
}
function layerNormRows(x, { gamma, beta, epsilon }) {
  let width = gamma.length, out = new Float64Array(x.length);
  for (let at = 0; at < x.length; at += width) {
    let mean2 = 0;
    for (let i = 0; i < width; i++) mean2 += x[at + i] ?? 0;
    mean2 /= width;
    let variance = 0;
    for (let i = 0; i < width; i++) variance += ((x[at + i] ?? 0) - mean2) ** 2;
    let inverse = 1 / Math.sqrt(variance / width + epsilon);
    for (let i = 0; i < width; i++)
      out[at + i] = ((x[at + i] ?? 0) - mean2) * inverse * (gamma[i] ?? 0) + (beta[i] ?? 0);
  }
  return out;
}
function softmaxRows(x, width) {
  for (let at = 0; at < x.length; at += width) {
    let row = x.subarray(at, at + width), most = row.reduce((best, value) => Math.max(best, value), -1 / 0), sum2 = 0;
    for (let i = 0; i < width; i++) sum2 += row[i] = Math.exp((row[i] ?? 0) - most);
    for (let i = 0; i < width; i++) row[i] = (row[i] ?? 0) / sum2;
  }
  return x;
}

// ml/g2p/simd.ts
var SimdMemory = class _SimdMemory {
  constructor(exports) {
    this.exports = exports;
  }
  exports;
  used = 0;
  /** Undefined where the runtime has no SIMD. */
  static create() {
    if (!WebAssembly.validate(program)) return;
    let { exports } = new WebAssembly.Instance(new WebAssembly.Module(program));
    return new _SimdMemory(exports);
  }
  /** As `plainLinear`. Outputs are padded with zeros to whole vectors. */
  linear(kernel, to, bias = []) {
    let from = kernel.length / to, padded = Math.ceil(to / 16) * 16, weightsAt = this.reserve(from * padded), biasAt = this.reserve(padded), weights = this.view(weightsAt, from * padded);
    for (let p = 0; p < from; p++)
      for (let j = 0; j < to; j++) weights[p * padded + j] = kernel[p * to + j] ?? 0;
    return this.view(biasAt, padded).set(Array.from(bias)), { from, to, apply: (x, rows, stride = from) => {
      let before2 = this.used, [xAt, outAt] = [this.reserve(x.length), this.reserve(rows * padded)];
      this.view(xAt, x.length).set(x), this.exports.product(xAt, rows, stride * 4, weightsAt, from, padded * 4, biasAt, outAt);
      let out = new Float64Array(rows * to), made = this.view(outAt, rows * padded);
      for (let row = 0; row < rows; row++) out.set(made.subarray(row * padded, row * padded + to), row * to);
      return this.used = before2, out;
    } };
  }
  /** A place for so many numbers. Views that were taken before may be void afterwards. */
  reserve(count) {
    let at = this.used;
    this.used += Math.ceil(count * 4 / 16) * 16;
    let missing = this.used - this.exports.memory.buffer.byteLength;
    return missing > 0 && this.exports.memory.grow(Math.ceil(missing / 65536)), at;
  }
  view(at, count) {
    return new Float32Array(this.exports.memory.buffer, at, count);
  }
}, unsigned = (value) => value < 128 ? [value] : [value & 127 | 128, ...unsigned(value >>> 7)], sized = (content) => [...unsigned(content.length), ...content], section = (id, content) => [id, ...sized(content)], named = (name) => sized(Array.from(name, (letter) => letter.charCodeAt(0))), i32 = 127, v128 = 123, get = (local) => [32, local], set = (local, ...value) => [...value.flat(), 33, local], constant = (value) => [65, value], add3 = (a, b) => [...a, ...b, 106], subtract = (a, b) => [...a, ...b, 107], greater2 = (a, b) => [...a, ...b, 74], choose = (yes, no, condition) => [
  ...yes,
  ...no,
  ...condition,
  27
], loop = (body, condition) => [
  3,
  64,
  ...body.flat(),
  ...condition,
  13,
  0,
  11
], load = (address, offset) => [...address, 253, 0, 2, offset], splat = (address) => [...address, 253, 9, 2, 0], store = (address, offset, value) => [
  ...address,
  ...value,
  253,
  11,
  2,
  offset
], addVectors = (a, b) => [...a, ...b, 253, 228, 1], multiplyVectors = (a, b) => [...a, ...b, 253, 230, 1];
function assemble() {
  let [x, rows, stride, weights, from, to, bias, out] = [0, 1, 2, 3, 4, 5, 6, 7], [j, row, row1, target, target1, left, weight, at, at1, rest] = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17], [sums, value, value1, column] = [18, 26, 27, 28], vectors = [0, 1, 2, 3], second = (length) => choose(get(length), constant(0), greater2(get(left), constant(1))), inner = [
    set(value, splat(get(at))),
    set(value1, splat(get(at1))),
    ...vectors.flatMap((i) => [
      set(column, load(get(weight), 16 * i)),
      set(sums + i, addVectors(get(sums + i), multiplyVectors(get(column), get(value)))),
      set(sums + 4 + i, addVectors(get(sums + 4 + i), multiplyVectors(get(column), get(value1))))
    ]),
    set(weight, add3(get(weight), get(to))),
    set(at, add3(get(at), constant(4))),
    set(at1, add3(get(at1), constant(4))),
    set(rest, subtract(get(rest), constant(1)))
  ], pair2 = [
    set(row1, add3(get(row), second(stride))),
    set(target1, add3(get(target), second(to))),
    ...vectors.flatMap((i) => [
      set(sums + i, load(add3(get(bias), get(j)), 16 * i)),
      set(sums + 4 + i, get(sums + i))
    ]),
    set(weight, add3(get(weights), get(j))),
    set(at, get(row)),
    set(at1, get(row1)),
    set(rest, get(from)),
    loop(inner, get(rest)),
    ...vectors.flatMap((i) => [
      store(get(target), 16 * i, get(sums + i)),
      store(get(target1), 16 * i, get(sums + 4 + i))
    ]),
    set(row, add3(get(row), add3(get(stride), get(stride)))),
    set(target, add3(get(target), add3(get(to), get(to)))),
    set(left, subtract(get(left), constant(2)))
  ], block2 = [
    set(row, get(x)),
    set(target, add3(get(out), get(j))),
    set(left, get(rows)),
    loop(pair2, greater2(get(left), constant(0))),
    set(j, add3(get(j), add3(constant(32), constant(32))))
  ], code = [2, 10, i32, 11, v128, ...loop(block2, greater2(get(to), get(j))), 11];
  return Uint8Array.from([
    0,
    97,
    115,
    109,
    1,
    0,
    0,
    0,
    ...section(1, [1, 96, 8, ...Array.from({ length: 8 }, () => i32), 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...named("memory"), 2, 0, ...named("product"), 0, 0]),
    ...section(10, [1, ...sized(code)])
  ]);
}
var program = assemble();

// ml/g2p/compile.ts
var known = /* @__PURE__ */ new WeakMap();
function networksOf(model) {
  return known.has(model) || known.set(model, takeApart(model)), known.get(model);
}
var idle = /* @__PURE__ */ new Set(["InputLayer", "GoyaPresence", "GoyaDropout", "GoyaMeanScores"]);
function takeApart(model) {
  let members = /* @__PURE__ */ new Map();
  for (let layer of model.layers.filter((one) => !idle.has(one.getClassName()))) {
    let member = /^\d+_/.exec(layer.name)?.[0] ?? "";
    members.set(member, [...members.get(member) ?? [], layer]);
  }
  let memory = SimdMemory.create(), make = memory === void 0 ? plainLinear : (...map) => memory.linear(...map), networks = [...members.values()].map((own) => networkOf(own, make));
  return networks.length > 0 && networks.every((one) => one !== void 0) ? networks : void 0;
}
var shape = /^Embedding (GoyaConvBlock )*(GoyaAttentionBlock )*Dense GoyaUnfold Dense$/;
function networkOf(layers2, make) {
  let classes = layers2.map((layer) => layer.getClassName()), [embedding, frames, unfold, scores] = [layers2[0], ...layers2.slice(-3)];
  if (!shape.test(classes.join(" ")) || !embedding || !frames || !unfold || !scores || frames.getConfig().activation !== "relu" || scores.getConfig().activation !== "linear")
    return;
  let channels = embedding.getWeights()[0]?.shape[1] ?? 0;
  return {
    embedding: Float64Array.from(numbersOf(embedding)[0] ?? []),
    channels,
    blocks: layers2.slice(1, -3).map(
      (layer) => layer.getClassName() === "GoyaConvBlock" ? convolution(layer, make) : attention(layer, make)
    ),
    frames: dense(frames, make),
    factor: Number(unfold.getConfig().factor),
    scores: dense(scores, make)
  };
}
var none = new Float32Array(0), numbersOf = (layer) => layer.getWeights().map((weight) => weight.dataSync()), normOf = (gamma, beta) => ({
  gamma: Float64Array.from(gamma),
  beta: Float64Array.from(beta),
  epsilon: layerNormEpsilon
});
function dense(layer, make) {
  let [kernel = none, bias = none] = numbersOf(layer);
  return make(kernel, bias.length, bias);
}
function convolution(layer, make) {
  let [kernel = none, bias = none, gamma = none, beta = none] = numbersOf(layer);
  return {
    kind: "convolution",
    kernel: make(kernel, bias.length, bias),
    kernelSize: Number(layer.getConfig().kernelSize),
    norm: normOf(gamma, beta)
  };
}
function attention(layer, make) {
  let [query = none, key = none, value = none, out = none, outBias = none, ...rest] = numbersOf(layer), [up = none, upBias = none, down = none, downBias = none, ...norms] = rest, [gamma1 = none, beta1 = none, gamma2 = none, beta2 = none] = norms, width = outBias.length;
  return {
    kind: "attention",
    heads: Number(layer.getConfig().heads),
    query: make(query, width),
    key: make(key, width),
    value: make(value, width),
    out: make(out, width, outBias),
    up: make(up, upBias.length, upBias),
    down: make(down, width, downBias),
    norm1: normOf(gamma1, beta1),
    norm2: normOf(gamma2, beta2)
  };
}

// ml/g2p/network.ts
function scoreWord(network, ids) {
  let { embedding, channels, blocks, frames, factor, scores } = network, x = new Float64Array(ids.length * channels);
  ids.forEach((id, i) => x.set(embedding.subarray(id * channels, (id + 1) * channels), i * channels));
  for (let block2 of blocks)
    x = block2.kind === "convolution" ? convolve(x, ids.length, block2) : attend(x, ids.length, block2);
  return scores.apply(relu2(frames.apply(x, ids.length)), ids.length * factor);
}
function scoreByAll(networks, ids) {
  let [first, ...rest] = networks.map((network) => scoreWord(network, ids));
  if (first === void 0) throw new Error("a model has at least one network");
  if (rest.length === 0) return first;
  let classes = networks[0]?.scores.to ?? 1;
  return rest.reduce((sum2, own) => addTo(sum2, softmaxRows(own, classes)), softmaxRows(first, classes));
}
function convolve(x, rows, { kernel, kernelSize, norm }) {
  let channels = x.length / rows, padded = new Float64Array((rows + kernelSize - 1) * channels);
  padded.set(x, Math.floor((kernelSize - 1) / 2) * channels);
  let y = relu2(kernel.apply(padded, rows, channels));
  return layerNormRows(addTo(y, x), norm);
}
function attend(x, rows, block2) {
  let seen = layerNormRows(x, block2.norm1), { query, key, value } = block2, mixed = mix(
    query.apply(seen, rows),
    key.apply(seen, rows),
    value.apply(seen, rows),
    rows,
    block2.heads
  ), middle = addTo(block2.out.apply(mixed, rows), x), up = relu2(block2.up.apply(layerNormRows(middle, block2.norm2), rows));
  return addTo(block2.down.apply(up, rows), middle);
}
function mix(query, key, value, rows, heads) {
  let width = query.length / rows, size = width / heads, out = new Float64Array(query.length);
  for (let from = 0; from < width; from += size) {
    let shares = new Float64Array(rows * rows);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < rows; j++) {
        let sum2 = 0;
        for (let p = from; p < from + size; p++)
          sum2 += (query[i * width + p] ?? 0) * (key[j * width + p] ?? 0);
        shares[i * rows + j] = sum2 / Math.sqrt(size);
      }
    softmaxRows(shares, rows);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < rows; j++) {
        let share = shares[i * rows + j] ?? 0;
        for (let p = from; p < from + size; p++)
          out[i * width + p] = (out[i * width + p] ?? 0) + share * (value[j * width + p] ?? 0);
      }
  }
  return out;
}

// ml/g2p/words.ts
var wordPattern = /[\p{L}\p{M}\p{N}\u200c\u200d\u0640'’]+/gu;
function wordsOf(text) {
  return text.match(wordPattern) ?? [];
}

// ml/g2p/letters.ts
var ignoredCharacters = "\u200C\u200D\u0640\u064B\u064C\u064D\u064E\u064F\u0650\u0651\u0652\u0670";
function lettersOf(word2, ignored = ignoredCharacters) {
  return Array.from(word2).filter((letter) => !ignored.includes(letter));
}
function encodeLetters(letters2, alphabet) {
  let ids = [], unknown = [];
  for (let letter of letters2) {
    let id = alphabet.get(letter);
    id === void 0 ? unknown.push(letter) : ids.push(id);
  }
  return { ids, unknown };
}
function alphabetIds(alphabet) {
  return new Map(alphabet.map((letter, i) => [letter, i + 1]));
}
function padRows(rows) {
  let length = rows.reduce((most, row) => Math.max(most, row.length), 1), data = new Int32Array(rows.length * length);
  return rows.forEach((row, i) => data.set(row, i * length)), { data, length };
}

// ml/g2p/phonemize.ts
var batchSize = 64, fewWords = 4, mostLetters = 64;
async function phonemizeWords(trained, words) {
  let { alphabet, ignored } = trained.preprocessing, ids = alphabetIds(alphabet), encoded = words.map(
    (word2) => encodeLetters(lettersOf(word2.normalize("NFC"), ignored), ids).ids.slice(0, mostLetters)
  ), known2 = encoded.flatMap((row, i) => row.length > 0 ? [i] : []);
  known2.sort((a, b) => (encoded[a]?.length ?? 0) - (encoded[b]?.length ?? 0));
  let answers = words.map(() => []), networks = known2.length <= fewWords ? networksOf(trained.model) : void 0;
  if (networks !== void 0) {
    for (let at of known2) answers[at] = decodeWord(trained, networks, encoded[at] ?? []);
    return answers;
  }
  for (let from = 0; from < known2.length; from += batchSize) {
    let part = known2.slice(from, from + batchSize), rows = part.map((i) => encoded[i] ?? []), spoken = await decodeRows(trained, rows);
    part.forEach((at, i) => answers[at] = spoken[i] ?? []);
  }
  return answers;
}
function decodeWord({ labels, preprocessing }, networks, ids) {
  return greedyDecode(scoreByAll(networks, ids), ids.length * preprocessing.upsampling, labels.length).map((label) => labels[label] ?? "");
}
async function decodeRows({ model, labels, preprocessing }, rows) {
  let { data, length } = padRows(rows), scores = tf3.tidy(
    () => model.predict(tf3.tensor2d(data, [rows.length, length], "int32"))
  ), values = await scores.data(), [, frames, classes] = scores.shape;
  return scores.dispose(), rows.map((row, i) => {
    let own = values.subarray(i * frames * classes, (i + 1) * frames * classes);
    return greedyDecode(own, row.length * preprocessing.upsampling, classes).map((label) => labels[label] ?? "");
  });
}

// backend/plugins/grapheme-to-phoneme/runtime.ts
registerBlocks();

  return module.exports;
}
const found = globalThis.tf ?? (await import('@tensorflow/tfjs').catch(() => undefined));
if (found !== undefined) register(found);
