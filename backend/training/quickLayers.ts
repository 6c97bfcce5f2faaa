/** All that makes tfjs's layers quicker while they are trained, with the same numbers. */
import { unfuseLayers } from './unfuse';

/** From here on. Answers a function that takes it back. */
export async function quickenLayers(): Promise<() => void> {
  // With tfjs-layers, which the start of a process can do without.
  const { quickenDropout } = await import('./quickDropout');
  const { plainBiases } = await import('./convBias');
  const back = [unfuseLayers(), quickenDropout(), plainBiases()];
  return () => {
    for (const undo of back) undo();
  };
}
