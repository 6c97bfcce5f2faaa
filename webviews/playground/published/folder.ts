/** A published model's folder as the page sees it, and what of its config decides on its form. */
import * as z from 'zod';
import { panelListFolder } from '../../../protocol/api/panel';
import type { PostMessagePeer } from '../../../protocol/wire/postMessage';
import { fetchBytes } from '../../common/fetchBytes';
import type { FolderFile } from '../worker/blobFolder';
import { weightBytes } from './fits';

const config = z.looseObject({
  model_type: z.string().optional(),
  num_speakers: z.number().int().positive().optional(),
  noise_scale: z.number().optional(),
  vocab_size: z.number().optional(),
});

export interface PublishedFiles {
  readonly path: string;
  readonly name: string;
  readonly uri: string;
  readonly files: readonly FolderFile[];
  /** Bytes of weights. */
  readonly size: number;
  /** Whether a page knows such models at all: ONNX runs in the backend alone. */
  readonly inPage: boolean;
  readonly speakers: number;
  readonly noise: number;
  readonly multilingual: boolean;
}

/** Whisper's models of many languages have a vocabulary of this size or more; those of English alone have one less. */
const manyLanguages = 51_865;

export async function publishedFiles(
  peer: PostMessagePeer,
  { path, name }: { readonly path: string; readonly name: string },
): Promise<PublishedFiles> {
  const { uri, files } = await peer.call(panelListFolder, { path });
  const facts = files.some((file) => file.name === 'config.json') ? await configOf(uri) : {};
  const size = weightBytes(files);
  const described = files.some((file) => file.name === 'config.json');
  const onnx = files.some((file) => file.name.endsWith('.onnx'));
  return {
    path,
    name,
    uri,
    files,
    size,
    inPage: size > 0 || (described && !onnx),
    speakers: facts.num_speakers ?? 1,
    noise: facts.noise_scale ?? 0.667,
    multilingual: facts.model_type === 'whisper' && (facts.vocab_size ?? manyLanguages) >= manyLanguages,
  };
}

async function configOf(uri: string): Promise<z.infer<typeof config>> {
  const text = new TextDecoder().decode(await fetchBytes(`${uri}config.json`));
  try {
    return config.safeParse(JSON.parse(text)).data ?? {};
  } catch {
    // Whatever runs the model says what is wrong with it; the form needs nothing of it.
    return {};
  }
}
