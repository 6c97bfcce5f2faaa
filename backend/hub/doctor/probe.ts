/** Asks one hub in one way, as a download would: a listing, then one byte of one large file. */
import { z } from 'zod';
import type { ConnectionCheck } from '../../../protocol/api/hub';
import { say } from '../../language/say';
import { errorFromNetwork, hostOf, invalidResponse } from '../errors';
import { refusal } from '../api';
import type { Http, HttpResponse } from '../http';
import { check, type Finding } from './checks';

export interface ProbeOptions {
  readonly http: Http;
  readonly endpoint: string;
  /** Sent to the endpoint's origin only. */
  readonly token?: string | undefined;
  /** The person's giving up. */
  readonly signal: AbortSignal;
  /** Milliseconds for everything. */
  readonly timeout: number;
}

export interface Probe {
  readonly hub: ConnectionCheck;
  readonly cdn: ConnectionCheck;
  /** Milliseconds that this machine's clock is ahead of the hub's; undefined when nobody told. */
  readonly ahead?: number;
}

const listing = z.array(
  z.looseObject({
    id: z.string(),
    gated: z.unknown().optional(),
    private: z.boolean().optional(),
    siblings: z.array(z.looseObject({ rfilename: z.string() })).optional(),
  }),
);
type Listing = z.infer<typeof listing>;

const longestListing = 8 * 1024 * 1024;
const weights = /\.(safetensors|onnx|bin|gguf|pt|msgpack)$/;

export async function probe(options: ProbeOptions): Promise<Probe> {
  const { endpoint, signal } = options;
  const soon = AbortSignal.any([signal, AbortSignal.timeout(options.timeout)]);
  const asked: { models?: Listing; ahead?: number | undefined } = {};
  const hub = await check('hub', hostOf(endpoint), signal, async () => {
    const start = performance.now();
    const answer = await ask(options, `${endpoint}/api/models?limit=20&sort=downloads&full=true`, soon);
    asked.ahead = clockAhead(answer, performance.now() - start);
    asked.models = await readListing(endpoint, answer);
    return { detail: say`${hostOf(endpoint)} answers (${answer.status})` };
  });
  const cdn = await check('cdn', undefined, signal, () => askFile(options, asked.models, soon));
  return { hub, cdn, ...(asked.ahead === undefined ? {} : { ahead: asked.ahead }) };
}

async function ask(
  { http, endpoint, token }: ProbeOptions,
  url: string,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpResponse> {
  const own = new URL(url).origin === new URL(endpoint).origin;
  const authorization: Record<string, string> =
    own && token !== undefined ? { authorization: `Bearer ${token}` } : {};
  let answer: HttpResponse;
  try {
    answer = await http.send({
      url,
      headers: {
        'user-agent': 'goya-studio',
        accept: '*/*',
        'accept-encoding': 'identity',
        ...headers,
        ...authorization,
      },
      signal,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw errorFromNetwork(url, error);
  }
  if (answer.status < 400) return answer;
  throw await refusal(url, answer, { subject: say`the connection check` }, 'authorization' in authorization);
}

/** The middle of the exchange is compared: a slow line is no wrong clock. */
function clockAhead(answer: HttpResponse, took: number): number | undefined {
  const told = Date.parse(answer.header('date') ?? '');
  return Number.isNaN(told) ? undefined : Date.now() - took / 2 - told;
}

async function readListing(endpoint: string, answer: HttpResponse): Promise<Listing> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.length;
    if (size > longestListing) throw invalidResponse(endpoint, say`its list of models has no end`);
    chunks.push(chunk);
  }
  try {
    return listing.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  } catch (error) {
    throw invalidResponse(endpoint, say`its list of models is none`, error);
  }
}

/** Large files come from another host, by a redirect; the token stays behind. */
async function askFile(
  options: ProbeOptions,
  models: Listing | undefined,
  signal: AbortSignal,
): Promise<Finding> {
  if (models === undefined) return { detail: say`not asked: the hub did not answer`, skipped: true };
  const found = publicFile(models);
  if (found === undefined) return { detail: say`the hub lists no public file to try`, skipped: true };
  let url = `${options.endpoint}/${found.id}/resolve/main/${found.file.split('/').map(encodeURIComponent).join('/')}`;
  for (let hops = 0; hops <= 5; hops += 1) {
    const answer = await ask(options, url, signal, { range: 'bytes=0-0' });
    await answer.discard();
    const location = answer.header('location');
    if (answer.status >= 300 && location !== null) url = new URL(location, url).href;
    else return { detail: say`${hostOf(url)} serves files (${answer.status})` };
  }
  throw invalidResponse(url, say`it redirects in circles`);
}

function publicFile(models: Listing): { id: string; file: string } | undefined {
  for (const model of models) {
    if (model.private === true || (model.gated !== undefined && model.gated !== false)) continue;
    const file = model.siblings?.find(({ rfilename }) => weights.test(rfilename))?.rfilename;
    if (file !== undefined) return { id: model.id, file };
  }
  return undefined;
}
