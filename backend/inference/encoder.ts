/** The downloaded model that a recogniser trained here hears with. */
import path from 'node:path';
import type { LoadOptions } from '../../ml/trained/load';
import { StudioError } from '../../protocol/wire/errors';
import { encoderFacts, openEncoder } from '../sdk/encoder';

/** Opens it from where it is, seen from the recogniser's folder. Rejects with `model.notFound` when it is not there any more. */
export function encoderBeside(folder: string): NonNullable<LoadOptions['openEncoder']> {
  return async ({ path: relative, family, fingerprint }) => {
    const place = path.resolve(folder, ...relative.split('/'));
    const facts = await encoderFacts(place);
    if (facts?.family === family && facts.fingerprint === fingerprint) return openEncoder(place);
    const what = facts === undefined ? 'it is not there' : 'another model is there now';
    throw new StudioError(
      'model.notFound',
      `${folder} hears with the downloaded model in ${place}, but ${what}. Download it again, or move it back.`,
      { details: { path: place, folder } },
    );
  };
}
