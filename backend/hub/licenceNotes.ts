/** Licences that do not hold what they say: conditions of a base model reach what was trained from it. */
import type { HubModel } from '../../protocol/model/hubModel';
import { say } from '../language/say';

/** Base models by name, with the conditions that come with them. */
const inherited: readonly (readonly [RegExp, RegExp, () => string])[] = [
  [/(^|[/_-])gemma/i, /^gemma/i, () => say`the Gemma terms`],
  [/(^|[/_-])(llama-?3|meta-llama)/i, /^llama/i, () => say`the Llama licence`],
  [/(^|[/_-])mms-tts/i, /^cc-by-nc/i, () => say`cc-by-nc-4.0, the licence of MMS`],
  [/(^|[/_-])xtts/i, /coqui|^other/i, () => say`the Coqui public model licence`],
];

/**
 * A sentence when the repository's base model (the hub's `base_model:` tags, else its own name) has conditions that its
 * licence does not name; undefined when nothing is known against the licence.
 */
export function inheritedNote({ repoId, tags, licence }: HubModel): string | undefined {
  if (licence === undefined || licence === '') return undefined;
  const bases = tags.filter((tag) => tag.startsWith('base_model:')).map((tag) => tag.split(':').at(-1) ?? '');
  for (const [base, own, terms] of inherited) {
    const from = [...bases, repoId].find((name) => base.test(name));
    if (from === undefined || own.test(licence)) continue;
    const what = from === repoId ? say`its name says what it was made from` : say`it was made from ${from}`;
    return say`It is given as ${licence}, but ${what}: ${terms()} likely apply.`;
  }
  return undefined;
}

/** A sentence when the page now names another licence than the list was checked with. */
export function changedNote(listed: string | undefined, now: string | undefined): string | undefined {
  if (listed === undefined || now === undefined || listed.toLowerCase() === now.toLowerCase())
    return undefined;
  return say`The list was checked with ${listed}, the hub now says ${now}.`;
}
