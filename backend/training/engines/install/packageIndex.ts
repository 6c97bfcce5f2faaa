/**
 * Finds one file on a Python package index through its "simple" interface, as JSON (PEP 691) where the index has it, else
 * as HTML (PEP 503): mirrors often have the latter only.
 */
import { z } from 'zod';
import { exchange, unreachable, type Asked } from './exchange';

export interface IndexFile {
  readonly url: string;
  readonly filename: string;
  readonly size?: number | undefined;
}

const accept =
  'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1';
/** A page of every file of every release: some hundred kilobytes. */
const largestPage = 64 * 1024 * 1024;

const page = z.object({
  files: z.array(
    z.object({
      filename: z.string(),
      url: z.string(),
      hashes: z.record(z.string(), z.string()),
      size: z.number().optional(),
    }),
  ),
});

/** The file of `project` with that hash. Rejects with `engine.unavailable`. */
export async function findOnIndex(
  index: string,
  project: string,
  sha256: string,
  asked: Omit<Asked, 'headers'>,
): Promise<IndexFile> {
  const address = `${index.replace(/\/+$/, '')}/${project}/`;
  const { response, url } = await exchange(address, { ...asked, headers: { accept } });
  const { host } = new URL(url);
  if (response.status !== 200) {
    await response.discard();
    throw unreachable(host, `it answers ${response.status} when asked for ${project}`);
  }
  const text = await readText(response.body, host);
  const isJson = response.header('content-type')?.includes('json') === true;
  const files = isJson ? fromJson(text, host) : fromHtml(text);
  const found = files.find((file) => file.sha256 === sha256);
  if (found === undefined) {
    throw unreachable(
      host,
      `it does not have the file of ${project} that Goya was made for (sha256 ${sha256})`,
    );
  }
  return { ...found, url: new URL(found.url, url).href };
}

type Listed = IndexFile & { readonly sha256: string | undefined };

function fromJson(text: string, host: string): Listed[] {
  let parsed;
  try {
    parsed = page.parse(JSON.parse(text));
  } catch (error) {
    throw unreachable(host, 'its answer is not what an index answers', error);
  }
  return parsed.files.map(({ hashes, ...file }) => ({ ...file, sha256: hashes['sha256'] }));
}

function fromHtml(text: string): Listed[] {
  return [...text.matchAll(/<a\b[^>]*?\bhref\s*=\s*"([^"]+)"[^>]*>([^<]*)</gi)].map((match) => {
    const [url = '', fragment = ''] = (match[1] ?? '').replaceAll('&amp;', '&').split('#');
    return { url, filename: (match[2] ?? '').trim(), sha256: /sha256=([0-9a-f]{64})/.exec(fragment)?.[1] };
  });
}

async function readText(body: AsyncIterable<Buffer>, host: string): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > largestPage) throw unreachable(host, 'its page is larger than any index has');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
