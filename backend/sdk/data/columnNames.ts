/** Which column holds what, by the names that published data sets use. The first name that is there wins. */

export const audioNames = [
  'audio',
  'audio_path',
  'audio_file',
  'audio_filepath',
  'file_name',
  'filename',
  'file',
  'path',
  'wav',
  'clip',
] as const;
export const textNames = [
  'sentence',
  'text',
  'transcript',
  'transcription',
  'normalized_text',
  'normalised_text',
  'raw_text',
] as const;
export const speakerNames = ['speaker', 'speaker_id', 'client_id', 'speaker_name'] as const;
export const labelNames = [
  'label',
  'class',
  'category',
  'target',
  'species',
  'gender',
  'intent',
  'digit',
] as const;
export const idNames = ['id', 'utterance_id', 'clip_id'] as const;

export interface RowColumns {
  readonly audio: string | undefined;
  readonly text: string | undefined;
  readonly speaker: string | undefined;
  readonly label: string | undefined;
  readonly id: string | undefined;
}

export function columnsOf(names: readonly string[]): RowColumns {
  const find = (known: readonly string[]): string | undefined => {
    for (const one of known) {
      const found = names.find((name) => name.toLowerCase() === one);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return {
    audio: find(audioNames),
    text: find(textNames),
    speaker: find(speakerNames),
    label: find(labelNames),
    id: find(idNames),
  };
}
