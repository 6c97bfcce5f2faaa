import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../scripts/lib/failure.mjs';
import { findHfClient, provisionHfClient } from '../../scripts/lib/hfClient.mjs';
import { run, which } from '../../scripts/lib/run.mjs';
import { cleanEnvironment } from './goya.mjs';

/** Programs that others wrote, for the same work on the same files. */
export async function otherClients() {
  const [curl, sha256sum] = [await which('curl'), await which('sha256sum')];
  if (!curl || !sha256sum) throw new Failure('curl and sha256sum are needed to compare with: install them.');
  const { hf } = findHfClient() ?? (await provisionHfClient());
  return { curl, sha256sum, hf };
}

/** curl with one kept-alive connection per host, following redirects, every file to its place below `folder`. */
export async function curlFiles({ curl }, urls, folder) {
  await mkdir(folder, { recursive: true });
  const lines = [...urls].map(([name, url]) => {
    const output = path.join(folder, name).replaceAll('\\', '/');
    return `url = "${url}"\noutput = "${output}"\n`;
  });
  const config = path.join(folder, '.curl');
  await writeFile(
    config,
    `location\nsilent\nshow-error\nfail\ncreate-dirs\nnoproxy = "*"\n${lines.join('')}`,
  );
  await run(curl, ['-K', config]);
}

export async function hfDownload({ hf }, hub, repoId, folder) {
  await run(hf, ['download', repoId, '--local-dir', folder], {
    env: {
      ...process.env,
      ...cleanEnvironment(),
      HF_ENDPOINT: hub.url,
      HF_HOME: `${folder}-home`,
      NO_PROXY: '127.0.0.1',
    },
  });
  await rm(`${folder}-home`, { recursive: true, force: true });
}

/** Milliseconds that `work` takes. */
export async function timed(work) {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
