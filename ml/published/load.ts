/** Any published model of a known family, from its folder as the hub has it. */
import * as z from 'zod';
import { MlError } from '../errors';
import type { SourceFolder } from '../weights/byteSource';
import { jsonOf } from './files';
import type { PublishedListener } from './listener';
import { loadBert, type PublishedReader } from './reader';
import { loadVoice, type PublishedVoice } from './voice';
import { loadWav2Vec2 } from './wav2vec2';
import { loadWhisper } from './whisper';
import { loadGpt2, type PublishedWriter } from './writer';

export type PublishedModel = PublishedVoice | PublishedListener | PublishedReader | PublishedWriter;

const configJson = z.looseObject({ model_type: z.string() });

const families: Readonly<Record<string, (folder: SourceFolder, config: unknown) => Promise<PublishedModel>>> =
  { vits: loadVoice, wav2vec2: loadWav2Vec2, whisper: loadWhisper, bert: loadBert, gpt2: loadGpt2 };

/** On the engine that is current. Rejects with `model.unsupported`, `model.corrupt` or `model.unsafe`. */
export async function loadPublished(folder: SourceFolder): Promise<PublishedModel> {
  const config = await jsonOf(folder, 'config.json');
  const family = configJson.safeParse(config).data?.model_type ?? '';
  const load = Object.hasOwn(families, family) ? families[family] : undefined;
  if (load === undefined) {
    const known = Object.keys(families).join(', ');
    throw new MlError('model.unsupported', `The folder's config.json names none of ${known}.`);
  }
  return load(folder, config);
}
