/** The model's folder as the webview sees it. */
import type { ModelFiles } from '../../ml/trained/modelFiles';
import { StudioError } from '../../protocol/wire/errors';

/** `folder` ends in `/`. */
export function fetchedFiles(folder: string): ModelFiles {
  return {
    read: async (name) => {
      const address = folder + name.split('/').map(encodeURIComponent).join('/');
      let response: Response;
      try {
        // What was trained again keeps its name: a cached copy would be the old model.
        response = await fetch(address, { cache: 'no-store' });
      } catch (cause) {
        throw new StudioError('model.notFound', `${name} could not be read: the editor did not serve it.`, {
          cause,
          retryable: true,
        });
      }
      if (response.status === 404) return undefined;
      if (!response.ok)
        throw new StudioError('model.notFound', `${name} could not be read (status ${response.status}).`, {
          retryable: true,
        });
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}
