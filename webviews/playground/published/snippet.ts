/**
 * "View code" of a published model: a program with plain TensorFlow.js and the model library that comes with Goya as
 * one file. A test runs what this writes.
 */
import type { PublishedTask } from '../../../protocol/model/published';
import type { Platform } from '../platform';

export interface PublishedSnippet {
  readonly platform: Platform;
  readonly task: PublishedTask;
  readonly name: string;
  /** On disk. */
  readonly folder: string;
  /** `models.mjs` on disk. */
  readonly runtime: string;
  readonly text: string | undefined;
  readonly file: string | undefined;
  readonly parameters: Record<string, unknown>;
}

export function publishedSnippet(given: PublishedSnippet): string {
  const { platform, task, text, file = 'clip.wav', parameters } = given;
  const constants = [
    task === 'automatic-speech-recognition' ? constant('file', forward(file)) : constant('text', text ?? ''),
    constant('parameters', parameters),
  ];
  return [(platform === 'node' ? nodeHead : webHead)(given), ...constants, bodies[task][platform]].join('\n');
}

function constant(name: string, value: unknown): string {
  return `const ${name} = ${JSON.stringify(value)};`;
}

/** Windows takes forward slashes as well, and they need no escaping. */
function forward(file: string): string {
  return file.replaceAll('\\', '/');
}

function nodeHead({ name, folder, runtime }: PublishedSnippet): string {
  return `// Runs ${JSON.stringify(name)} in Node: npm install @tensorflow/tfjs, save as run.mjs, node run.mjs
import * as tf from '@tensorflow/tfjs'; // @tensorflow/tfjs-node is faster
import { open, readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

// The models' own code comes with Goya as one file: copy it beside your program.
const { register } = await import(pathToFileURL(${JSON.stringify(forward(runtime))}).href);
const { loadPublished, monoAt, joinedPieces, writeWav } = register(tf);
const folder = ${JSON.stringify(forward(folder).replace(/\/*$/, '/'))};
const files = {
  open: async (name) => {
    const handle = await open(folder + name).catch(() => undefined);
    if (handle === undefined) return undefined;
    const read = async (start, end) => {
      const bytes = new Uint8Array(end - start);
      await handle.read(bytes, 0, bytes.length, start);
      return bytes;
    };
    return { name, size: (await handle.stat()).size, read };
  },
};
await tf.ready();
const model = await loadPublished(files);
`;
}

function webHead({ name }: PublishedSnippet): string {
  return `// Runs ${JSON.stringify(name)} in a web page: npm install @tensorflow/tfjs, and serve the model's folder and Goya's models.mjs.
import * as tf from '@tensorflow/tfjs';
import { register } from '/models.mjs';

const { loadPublished, monoAt } = register(tf);
const folder = '/model/'; // where your page finds config.json
const files = {
  open: async (name) => {
    const response = await fetch(folder + name);
    if (!response.ok) return undefined;
    const blob = await response.blob();
    const read = async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer());
    return { name, size: blob.size, read };
  },
};
await tf.ready();
const model = await loadPublished(files);
`;
}

const heard = `
const heard = await model.hear(monoAt(wav, model.sampleRate), parameters, {
  onHearing: ({ text }) => console.error(text), // what is heard so far
});
console.log(JSON.stringify(heard, null, 2));
`;
const written = `
const written = await model.write(text, parameters, {
  onPiece: ({ piece }) => console.error(piece), // as it comes
});
console.log(JSON.stringify(written, null, 2));
`;
const read = `
console.log(JSON.stringify(await model.read(text, parameters), null, 2));
`;

const bodies: Record<PublishedTask, Record<Platform, string>> = {
  'text-to-speech': {
    node: `
const pieces = [];
for await (const piece of model.speak(text, parameters)) pieces.push(piece); // each can be played at once
const samples = joinedPieces(pieces);
await writeFile('speech.wav', writeWav({ sampleRate: model.sampleRate, channels: [samples] }));
console.log(JSON.stringify({ samples: samples.length, sampleRate: model.sampleRate }));
`,
    web: `
const context = new AudioContext({ sampleRate: model.sampleRate });
let end = 0;
for await (const piece of model.speak(text, parameters)) {
  const buffer = context.createBuffer(1, piece.length, model.sampleRate);
  buffer.copyToChannel(piece, 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  end = Math.max(end, context.currentTime + 0.03);
  source.start(end);
  end += buffer.duration;
}
`,
  },
  'automatic-speech-recognition': {
    node: `const wav = await readFile(file);${heard}`,
    web: `const wav = new Uint8Array(await (await fetch(file)).arrayBuffer());${heard}`,
  },
  'text-generation': { node: written, web: written },
  'text-classification': { node: read, web: read },
};
