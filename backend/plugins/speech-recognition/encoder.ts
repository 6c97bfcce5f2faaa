/** Whether the folder that a config names as its encoder is one. No tensors. */
import { encoderFacts } from '../../sdk/encoder';
import { problem, type ConfigProblem } from '../../sdk/trainingTask';
import { say } from './words';

export const encoderProblem = (given: string): string =>
  say`${given} is no folder of a Wav2Vec2 or Whisper with its config.json and weights. Download one, and name its folder.`;

export async function encoderProblems(
  given: string | undefined,
  resolve: (relative: string) => string,
): Promise<ConfigProblem[]> {
  if (given === undefined || (await encoderFacts(resolve(given))) !== undefined) return [];
  return [problem('/model/encoder', encoderProblem(given))];
}
