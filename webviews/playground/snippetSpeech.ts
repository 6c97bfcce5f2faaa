import type { Platform } from './platform';

/** The part of a recogniser's program after its wav file is read; reads the constants `labels`, `audio` and `file`. */
export function speechBody(platform: Platform): string {
  const [sound, prior] =
    platform === 'node'
      ? ['await readFile(file)', "JSON.parse(await readFile(folder + 'prior.json', 'utf8'))"]
      : [
          'new Uint8Array(await (await fetch(file)).arrayBuffer())',
          "await (await fetch(folder + 'prior.json')).json()",
        ];
  return `
const prior = audio.prior ? CharacterPrior.fromFile(${prior}) : undefined;
const recogniser = { model, prior, metadata: { name: 'recogniser', labels, preprocessing: audio } };
const { text, words } = await transcribeSpeech(recogniser, readWav(${sound}), audio.sampleRate);
console.log(JSON.stringify({ text, words }, null, 2));
`;
}
