import type { SnippetOptions } from './snippet';

export interface VoiceSnippetInput {
  readonly kind: 'voice';
  readonly text: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A program that speaks the text with the voice's own `runtime.mjs`. */
export function voiceSnippet(
  { platform, folder, metadata }: SnippetOptions,
  { text, parameters }: VoiceSnippetInput,
): string {
  const title = metadata === undefined ? 'the voice' : JSON.stringify(metadata.name);
  const given = `const text = ${JSON.stringify(text)};
const pieces = [];
for await (const piece of voice.speak(text, ${JSON.stringify(parameters)})) pieces.push(...piece);
const wav = writeWav({ sampleRate: voice.sampleRate, channels: [Float32Array.from(pieces)] });`;
  if (platform === 'web')
    return `// Speaks with ${title} in a web page: npm install @tensorflow/tfjs, and serve the model's folder.
import * as tf from '@tensorflow/tfjs';

const folder = '/model/'; // where your page finds model.json
const { register } = await import(folder + 'runtime.mjs');
const { loadVoice, writeWav } = register(tf);
const bytes = async (answer) => (answer.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined);
const voice = await loadVoice({ read: async (name) => bytes(await fetch(folder + name)) });
${given}
new Audio(URL.createObjectURL(new Blob([wav], { type: 'audio/wav' }))).play();
`;
  // Windows takes forward slashes as well, and they need no escaping.
  const base = folder.replaceAll('\\', '/').replace(/\/*$/, '/');
  return `// Speaks with ${title} in Node: npm install @tensorflow/tfjs, save as run.mjs, node run.mjs
import * as tf from '@tensorflow/tfjs';
import { readFile, writeFile } from 'node:fs/promises';

const folder = ${JSON.stringify(base)};
const { register } = await import(new URL('runtime.mjs', 'file://' + folder).href);
const { loadVoice, writeWav } = register(tf);
const voice = await loadVoice({ read: (name) => readFile(folder + name).catch(() => undefined) });
${given}
await writeFile('spoken.wav', wav);
console.log(JSON.stringify({ seconds: pieces.length / voice.sampleRate, unspoken: voice.unspoken() }));
`;
}
