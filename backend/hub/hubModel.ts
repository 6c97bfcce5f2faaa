import type { HubModel } from '../../protocol/model/hubModel';
import type { ModelType } from '../../protocol/model/model';
import { listed, say } from '../language/say';
import type { HubModelJson } from './wire';

/** The entity from the hub's JSON. `fallbackId` for hubs that leave the id out of a single model's answer. */
export function toHubModel(json: HubModelJson, fallbackId = ''): HubModel {
  const licence = licenceOf(json);
  const lastModified = toTime(json.lastModified);
  return {
    repoId: json.id ?? json.modelId ?? fallbackId,
    ...(json.pipeline_tag === undefined ? {} : { task: json.pipeline_tag }),
    ...(json.library_name === undefined ? {} : { library: json.library_name }),
    tags: json.tags,
    downloads: Math.floor(json.downloads),
    likes: Math.floor(json.likes),
    ...(lastModified === undefined ? {} : { lastModified }),
    ...(licence === undefined ? {} : { licence }),
    gated: json.gated !== false,
    private: json.private,
    languages: languagesOf(json),
  };
}

function licenceOf(json: HubModelJson): string | undefined {
  const card = json.cardData?.['license'];
  if (typeof card === 'string' && card !== '') return card;
  if (Array.isArray(card) && typeof card[0] === 'string') return card.join(', ');
  return json.tags.find((tag) => tag.startsWith('license:'))?.slice('license:'.length);
}

/** Where the card and the tags name different licences: a sentence; undefined when they agree. */
export function licenceConflict(json: HubModelJson): string | undefined {
  const card = json.cardData?.['license'];
  const named = (Array.isArray(card) ? card : [card]).filter((entry) => typeof entry === 'string');
  const tagged = json.tags
    .filter((tag) => tag.startsWith('license:'))
    .map((tag) => tag.slice('license:'.length))
    .filter((tag) => tag !== 'other');
  const [strange] = tagged.filter((tag) => !named.some((name) => name.toLowerCase() === tag.toLowerCase()));
  if (named.length === 0 || strange === undefined) return undefined;
  return say`The card says ${listed(named)}, the tags say ${strange}: ask the authors which one holds.`;
}

/** Two-letter tags are languages on the hub, plain or as `language:fa`; the card may name more. */
function languagesOf(json: HubModelJson): string[] {
  const card = json.cardData?.['language'];
  const named = (Array.isArray(card) ? card : [card]).filter((entry) => typeof entry === 'string');
  const tagged = json.tags.flatMap((tag) => /^(?:language:)?([a-z]{2})$/.exec(tag)?.[1] ?? []);
  return [...new Set([...named.filter((code) => /^[a-z]{2}$/.test(code)), ...tagged])];
}

function toTime(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

const typesByTask: Readonly<Record<string, ModelType>> = {
  'text-to-speech': 'tts',
  'text-to-audio': 'tts',
  'automatic-speech-recognition': 'stt',
  'text-generation': 'llm',
  'text2text-generation': 'llm',
  'image-text-to-text': 'llm',
};

/** The library's grouping; from the task, else from tags and architecture. */
export function modelTypeOf(model: HubModel, architecture?: string): ModelType {
  const byTask = model.task === undefined ? undefined : typesByTask[model.task];
  if (byTask !== undefined) return byTask;
  for (const tag of model.tags) {
    const type = typesByTask[tag];
    if (type !== undefined) return type;
  }
  if (architecture !== undefined && /^(vits|speecht5|fastspeech|bark)/i.test(architecture)) return 'tts';
  if (architecture !== undefined && /^(wav2vec2|whisper|hubert|wavlm)/i.test(architecture)) return 'stt';
  if (architecture !== undefined && /^(gpt|llama|mistral|gemma|qwen|phi)/i.test(architecture)) return 'llm';
  return 'other';
}
