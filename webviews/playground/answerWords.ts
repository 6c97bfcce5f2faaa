/** An answer in a few words, for the history. */
import type { Format } from '../common/format';
import { spokenWords } from './backendOutput';
import type { ModelOutput } from './model';

const longest = 80;

export function answerWords(output: ModelOutput, format: Format): string {
  const { labels, amounts, sound, transcript, tagged, values } = output;
  if (labels?.[0] !== undefined) return labels[0].label;
  if (sound !== undefined) return format.duration(sound.samples.length / sound.sampleRate);
  if (transcript !== undefined) return transcript.text.slice(0, longest);
  if (tagged !== undefined)
    return tagged
      .map(({ word, label }) => `${word} ${label}`)
      .join(' · ')
      .slice(0, longest);
  return (
    amounts?.map(({ name, value }) => `${name} ${format.number(value)}`).join(' · ') ??
    spokenWords(output) ??
    (values ?? []).map(({ shape }) => `[${shape.join(', ')}]`).join(' ')
  );
}
