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
var tf = __toESM(require("@tensorflow/tfjs-core")), epsilon = 1e-5;
function layerNorm(x, gamma, beta) {
  return tf.customGrad((...given) => {
    let [input, scale, shift, save] = given, centred = tf.sub(input, tf.mean(input, -1, !0)), inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, !0), epsilon)), unit = tf.mul(centred, inverse);
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
var firstShape = (shape) => Array.isArray(shape[0]) ? shape[0] : shape;
function single(inputs) {
  let x = Array.isArray(inputs) ? inputs[0] : inputs;
  if (x === void 0) throw new Error("the layer takes one input");
  return x;
}
var Presence = class extends import_tfjs_layers.layers.Layer {
  static className = "GoyaPresence";
  computeOutputShape(shape) {
    return [...firstShape(shape), 1];
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
  computeOutputShape(shape) {
    let [batch = null, length = null, channels = null] = firstShape(shape);
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
  computeOutputShape(shape) {
    return firstShape(shape);
  }
  call(inputs, kwargs) {
    return tf2.tidy(() => dropout(tf2.clone(single(inputs)), this.rate, isTraining(kwargs)));
  }
  getConfig() {
    return { ...super.getConfig(), rate: this.rate };
  }
}, Block = class extends import_tfjs_layers.layers.Layer {
  made = /* @__PURE__ */ new Map();
  computeOutputShape(shape) {
    return firstShape(shape);
  }
  make(name, shape, kind) {
    let initializer = kind === "kernel" ? import_tfjs_layers.initializers.glorotUniform({}) : kind === "ones" ? import_tfjs_layers.initializers.ones() : import_tfjs_layers.initializers.zeros();
    this.made.set(name, this.addWeight(name, shape, "float32", initializer));
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
  build(shape) {
    let channels = firstShape(shape)[2] ?? 0;
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
  build(shape) {
    let width = firstShape(shape)[2] ?? 0;
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
  computeOutputShape(shape) {
    return firstShape(shape);
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
var batchSize = 64, mostLetters = 64;
async function phonemizeWords(trained, words) {
  let { alphabet, ignored } = trained.preprocessing, ids = alphabetIds(alphabet), encoded = words.map(
    (word2) => encodeLetters(lettersOf(word2.normalize("NFC"), ignored), ids).ids.slice(0, mostLetters)
  ), known = encoded.flatMap((row, i) => row.length > 0 ? [i] : []);
  known.sort((a, b) => (encoded[a]?.length ?? 0) - (encoded[b]?.length ?? 0));
  let answers = words.map(() => []);
  for (let from = 0; from < known.length; from += batchSize) {
    let part = known.slice(from, from + batchSize), rows = part.map((i) => encoded[i] ?? []), spoken = await decodeRows(trained, rows);
    part.forEach((at, i) => answers[at] = spoken[i] ?? []);
  }
  return answers;
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
