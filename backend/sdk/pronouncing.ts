/** How words become phonemes, and the files that a model needs to do the same without this project. */
import { numberWords } from '../../ml/g2p/numberWords';
import { phonemizeText } from '../../ml/g2p/phonemize';
import { loadTrained, type TrainedModel } from '../../ml/trained/load';
import { lexiconName, pronouncerFolder } from '../../ml/trained/metadata';
import type { ModelFiles } from '../../ml/trained/modelFiles';
import { lexiconText, parseLexicon, pronounceBy, type Lexicon } from '../../ml/voice/lexicon';
import type { Pronounce, Reading } from '../../ml/voice/reading';
import { folderFiles } from './modelFiles';
import { readPackedText, shippedPronouncer } from './pronouncer';

export interface Pronouncing {
  readonly pronounce: Pronounce;
  /** By their names in the model's folder. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly lexicon: boolean;
  readonly pronouncer: boolean;
  dispose(): void;
}

const silent: Pronouncing = {
  pronounce: (words) => Promise.resolve(words.map(() => [])),
  files: {},
  lexicon: false,
  pronouncer: false,
  dispose: () => undefined,
};

/** @param folder of the pronouncer; without it that of Goya reads Persian, with the lexicon that ships beside it */
export async function pronouncingOf(
  reading: Reading,
  own: Lexicon | undefined,
  folder: string | undefined,
): Promise<Pronouncing> {
  if (reading.kind === 'characters') return silent;
  const shipped = folder === undefined && reading.persian ? shippedPronouncer() : undefined;
  const lexicon = shipped === undefined ? own : await joined(own, shipped);
  const place = folder ?? shipped;
  const model = place === undefined ? undefined : await readModel(place);
  const others: Pronounce | undefined =
    model === undefined
      ? undefined
      : async (words) => (await phonemizeText(model.trained, words)).map(({ phonemes }) => phonemes);
  return {
    pronounce: pronounceBy(lexicon, others),
    files: {
      ...(lexicon === undefined ? {} : { [lexiconName]: lexiconText(lexicon) }),
      ...Object.fromEntries(
        [...(model?.files ?? [])].map(([name, bytes]) => [`${pronouncerFolder}/${name}`, bytes]),
      ),
    },
    lexicon: lexicon !== undefined,
    pronouncer: model !== undefined,
    dispose: () => model?.trained.model.dispose(),
  };
}

/** The project's words first, then the numbers, then those that ship with Goya. */
async function joined(own: Lexicon | undefined, shipped: string): Promise<Lexicon> {
  const { lexicon } = parseLexicon(await readPackedText(shipped));
  const numbers = [...numberWords].map(([word, sounds]) => [word, sounds.split(/\s+/)] as const);
  return new Map([...lexicon, ...numbers, ...(own ?? [])]);
}

async function readModel(
  folder: string,
): Promise<{ readonly trained: TrainedModel; readonly files: ReadonlyMap<string, Uint8Array> }> {
  const kept = new Map<string, Uint8Array>();
  const inside = folderFiles(folder);
  const files: ModelFiles = {
    read: async (name) => {
      const bytes = await inside.read(name);
      if (bytes !== undefined) kept.set(name, bytes);
      return bytes;
    },
  };
  const trained = await loadTrained(files);
  return { trained, files: kept };
}
