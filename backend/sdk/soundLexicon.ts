import { readFile } from 'node:fs/promises';
import { parseLexicon, type Lexicon } from '../../ml/voice/lexicon';
import { say } from '../language/say';
import { linesOf } from './problems';
import { errorText } from './rowFaults';
import { problem, warning, type ConfigProblem } from './trainingTask';

/** The lexicon that a config names as `data.lexicon`; what is wrong with it goes to `problems`. */
export async function readSoundLexicon(
  config: {
    readonly data: { readonly lexicon?: string | undefined };
    readonly resolve: (relative: string) => string;
  },
  problems: ConfigProblem[],
): Promise<Lexicon | undefined> {
  const { data, resolve } = config;
  if (data.lexicon === undefined) return undefined;
  try {
    const { lexicon, faults } = parseLexicon(await readFile(resolve(data.lexicon), 'utf8'));
    if (faults.length > 0) {
      const message = say`The lexicon has lines that are not a word, a tab and its phonemes: ${linesOf(faults)}.`;
      problems.push((lexicon.size === 0 ? problem : warning)('/data/lexicon', message));
    }
    return lexicon;
  } catch (error) {
    problems.push(problem('/data/lexicon', errorText(error)));
    return undefined;
  }
}
