import { StudioError } from '../../protocol/wire/errors';

/** A file by its address inside the webview. Throws `model.notFound` with the file's name when it does not come. */
export async function fetchBytes(uri: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  return (await fetchFile(uri, signal)).arrayBuffer();
}

export async function fetchBlob(uri: string): Promise<Blob> {
  return (await fetchFile(uri)).blob();
}

async function fetchFile(uri: string, signal?: AbortSignal): Promise<Response> {
  const name = decodeURIComponent(new URL(uri, document.baseURI).pathname.split('/').at(-1) ?? uri);
  let response: Response;
  try {
    response = await fetch(uri, signal === undefined ? {} : { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new StudioError('model.notFound', `${name} could not be read: the editor did not serve it.`, {
      cause,
      retryable: true,
    });
  }
  if (!response.ok) {
    throw new StudioError(
      'model.notFound',
      `${name} could not be read: the file is missing (${response.status}).`,
      {
        retryable: true,
      },
    );
  }
  return response;
}
