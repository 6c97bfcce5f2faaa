/** Why an engine was passed over, in the page's language. Workers, which know no language, name the reason by a word of ours. */
import type { MessageKey, Translate } from '../common/i18n/translate';
import type { PassedOver } from './engineNames';

export const reasons = {
  noWebGpu: 'the editor has no WebGPU',
  noAdapter: 'the editor gives no graphics card to WebGPU',
  played: 'the processor plays the graphics card here',
} as const;

const keys = new Map<string, MessageKey>([
  [reasons.noWebGpu, 'engine.noWebGpu'],
  [reasons.noAdapter, 'engine.noAdapter'],
  [reasons.played, 'engine.played'],
]);

/** Anything else is what the engine itself said. */
export function reasonOf({ name, reason }: PassedOver, t: Translate): string {
  const key = keys.get(reason);
  return key === undefined ? `${name}: ${reason}` : t('engine.reason', { engine: name, reason: t(key) });
}
