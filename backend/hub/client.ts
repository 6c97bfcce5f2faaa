/** Everything Goya asks a hub, except the bytes of large files (transfer.ts). */
import type { CuratedCategory, CuratedModel, hubSearch } from '../../protocol/api/hub';
import type { tokenValidate } from '../../protocol/api/settings';
import type { HubModel, HubModelDetails } from '../../protocol/model/hubModel';
import type { Model } from '../../protocol/model/model';
import { isStudioError } from '../../protocol/wire/errors';
import type { Params, ResultIn } from '../../protocol/wire/spec';
import { HubApi } from './api';
import { throwIfAborted } from './cancelled';
import { comparableModel } from './comparable';
import { Curated } from './curated';
import { errorFromNetwork, invalidResponse } from './errors';
import {
  addressOf,
  listRepoFiles,
  resolveUrl,
  routeIsMissing,
  toFetchResponse,
  type RepoFile,
} from './files';
import { createHttp, type Http } from './http';
import { modelTypeOf, toHubModel } from './hubModel';
import { searchOffline } from './offlineSearch';
import type { HubOptions } from './options';
import { checkRepoId, repoUrlPath } from './repoId';
import type { BackoffOptions } from './retry';
import { judge, type ModelFacts } from './runsHere';
import type { TensorFacts } from './safetensors';
import { searchHub } from './search';
import { SearchCache } from './searchCache';
import { safetensorsFacts } from './weightFacts';
import { hubModelJson, whoAmIJson, type HubModelJson } from './wire';

export interface HubClientOptions {
  /** Read for every request, so that a change of endpoint or token applies at once. */
  readonly options: () => HubOptions;
  /** Closed with the client; made here when left out. */
  readonly http?: Http;
  readonly backoff?: BackoffOptions;
  /** What is in the library, for a search without a hub. */
  readonly installed?: () => Promise<readonly Model[]>;
}

/** A repository pinned to the commit that its revision stands for. */
export interface PinnedModel {
  readonly model: HubModel;
  readonly commit: string;
  readonly config: unknown;
}

/** Longest small file (config, tf.js description) that is read to judge a model. */
const longestJson = 8 * 1024 * 1024;
/** Milliseconds that the look into the weights may take: the rest of the answer waits for it. */
const longestLook = 8000;

export class HubClient {
  readonly http: Http;
  readonly api: HubApi;
  private readonly curatedLists: Curated;
  private readonly searches = new SearchCache<ResultIn<typeof hubSearch>>();

  constructor(private readonly settings: HubClientOptions) {
    const options = settings;
    this.http = options.http ?? createHttp();
    this.api = new HubApi({
      http: this.http,
      options: options.options,
      ...(options.backoff === undefined ? {} : { backoff: options.backoff }),
    });
    this.curatedLists = new Curated((repoId, signal) => this.entry(repoId, signal));
  }

  search(params: Params<typeof hubSearch>, signal?: AbortSignal): Promise<ResultIn<typeof hubSearch>> {
    const { endpoint, token, offline } = this.settings.options();
    if (offline) return this.searchOffline(params);
    const key = JSON.stringify([endpoint, token ?? null, params]);
    return this.searches.get(key, () => searchHub(this.api, params, signal));
  }

  /** The model with its files at the commit of `revision`, and whether it runs here. */
  async model(repoId: string, revision = 'main', signal?: AbortSignal): Promise<HubModelDetails> {
    const pinned = await this.pin(repoId, revision, signal);
    const files = await this.files(repoId, pinned.commit, signal);
    const facts = await this.facts(repoId, pinned, files, signal);
    const type = modelTypeOf(pinned.model, facts.architecture);
    const other = facts.runsHere.verdict === 'no' ? await comparableModel(type, repoId) : undefined;
    const { reason } = facts.runsHere;
    const runsHere = { ...facts.runsHere, reason: other === undefined ? reason : `${reason} ${other}` };
    return {
      ...pinned.model,
      commit: pinned.commit,
      files: files.map(({ path, size, sha256 }) => ({
        path,
        size,
        ...(sha256 === undefined ? {} : { sha256 }),
      })),
      totalBytes: files.reduce((sum, file) => sum + file.size, 0),
      runsHere,
    };
  }

  /** What the revision stands for now. Throws `hub.notFound`, `hub.gated`, `hub.unauthorized`, `hub.unreachable`… */
  async pin(repoId: string, revision = 'main', signal?: AbortSignal): Promise<PinnedModel> {
    checkRepoId(repoId);
    const json = await this.modelJson(repoId, revision, signal);
    if (json.sha === undefined || !/^[0-9a-f]{7,64}$/i.test(json.sha)) {
      throw invalidResponse(this.api.endpoint, `it does not tell the commit of ${repoId}`);
    }
    return { model: toHubModel(json, repoId), commit: json.sha, config: json.config ?? undefined };
  }

  /** The files at a commit, in the order of the hub's listing. Their names are not checked. */
  files(repoId: string, commit: string, signal?: AbortSignal): Promise<RepoFile[]> {
    checkRepoId(repoId);
    return listRepoFiles({ api: this.api, repoId, commit, signal });
  }

  /** Architecture, format and verdict; a small file that cannot be read leaves its fact out. */
  async facts(
    repoId: string,
    pinned: PinnedModel,
    files: readonly RepoFile[],
    signal?: AbortSignal,
  ): Promise<ModelFacts> {
    const readJson = async (path: string): Promise<unknown> => {
      if (!files.some((file) => file.path === path)) return undefined;
      try {
        return await this.smallJson(repoId, pinned.commit, path, signal);
      } catch (error) {
        if (isStudioError(error) && error.kind === 'cancelled') throw error;
        return undefined;
      }
    };
    const config = (await readJson('config.json')) ?? pinned.config;
    return judge({ files, config, readJson, weights: await this.weights(repoId, pinned, files, signal) });
  }

  /** From the first kilobytes of the weight files; undefined when they cannot be had in time. */
  private async weights(
    repoId: string,
    { commit }: PinnedModel,
    files: readonly RepoFile[],
    signal: AbortSignal | undefined,
  ): Promise<TensorFacts | undefined> {
    const soon = AbortSignal.timeout(longestLook);
    const both = signal === undefined ? soon : AbortSignal.any([signal, soon]);
    try {
      return await safetensorsFacts(files, async (path, start, end) => {
        const answer = await this.api.read(
          {
            url: resolveUrl(repoId, commit, path),
            accept: '*/*',
            subject: path,
            signal: both,
            headers: { range: `bytes=${start}-${end - 1}` },
          },
          end - start,
        );
        return answer.status === 206 || start === 0 ? answer.body : undefined;
      });
    } catch (error) {
      throwIfAborted(signal);
      if (isStudioError(error)) return undefined;
      throw error;
    }
  }

  /** Rejects with what a download would fail with: for gated repositories, whose metadata anyone may read. */
  async checkAccess(repoId: string, commit: string, path: string, signal?: AbortSignal): Promise<void> {
    const answer = await this.api.request({
      url: resolveUrl(repoId, commit, path),
      method: 'HEAD',
      accept: '*/*',
      subject: repoId,
      signal,
      stopAtOtherHost: true,
    });
    await answer.discard();
  }

  curated(
    category: CuratedCategory,
    signal?: AbortSignal,
  ): Promise<{ models: CuratedModel[]; offline: boolean }> {
    return this.curatedLists.list(category, signal);
  }

  /** A token that the hub refuses is a result; a hub that does not answer is an error. */
  async validateToken(token: string, signal?: AbortSignal): Promise<ResultIn<typeof tokenValidate>> {
    if (!/^[\x21-\x7e]+$/.test(token)) {
      return { valid: false, reason: 'A token is one word of letters, digits and signs, without spaces.' };
    }
    try {
      const json = await this.api.json({ url: '/api/whoami-v2', subject: 'The account', token, signal });
      const { name, type, auth } = whoAmIJson.parse(json);
      const role = auth?.accessToken?.role;
      return {
        valid: true,
        ...(name === undefined ? {} : { name }),
        ...(type === undefined ? {} : { type }),
        ...(role === undefined ? {} : { role }),
      };
    } catch (error) {
      if (!isStudioError(error, 'hub.unauthorized')) throw error;
      return { valid: false, reason: 'The hub does not know this token, or it has expired.' };
    }
  }

  /** One small request; answers a sentence for the health report. */
  async check(signal?: AbortSignal): Promise<string> {
    try {
      await this.api.json({ url: '/api/models?limit=1', subject: 'The search', signal });
    } catch (error) {
      const late = signal?.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
      throw late ? errorFromNetwork(this.api.endpoint, new Error('ETIMEDOUT')) : error;
    }
    const { endpoint, tokenSource } = this.api;
    return `${endpoint} answers (${tokenSource === undefined ? 'without a token' : `with the token from ${tokenSource}`})`;
  }

  close(): Promise<void> {
    return this.http.close();
  }

  /** What is installed is left out when the library cannot be asked either. */
  private async searchOffline(params: Params<typeof hubSearch>): Promise<ResultIn<typeof hubSearch>> {
    const installed = await (this.settings.installed?.() ?? Promise.resolve([])).catch(() => []);
    return searchOffline(params, installed);
  }

  private async entry(repoId: string, signal: AbortSignal): Promise<HubModel> {
    return toHubModel(await this.modelJson(repoId, 'main', signal), repoId);
  }

  /** By the official client; by the route without a revision on hubs that have only that one. */
  private async modelJson(
    repoId: string,
    revision: string,
    signal: AbortSignal | undefined,
  ): Promise<HubModelJson> {
    const { modelInfo } = await import('@huggingface/hub');
    const state: { json?: unknown } = {};
    const subject = revision === 'main' ? repoId : `${repoId} at ${revision}`;
    try {
      await modelInfo({
        name: repoUrlPath(repoId),
        revision,
        hubUrl: this.api.endpoint,
        additionalFields: ['sha', 'tags', 'library_name', 'cardData', 'config'],
        fetch: async (input) => {
          const answer = await this.api.read({ url: addressOf(input), subject, signal });
          state.json = JSON.parse(answer.body.toString('utf8')) as unknown;
          return toFetchResponse(answer, ['content-type']);
        },
      });
    } catch (error) {
      if (routeIsMissing(error) && revision === 'main') {
        state.json = await this.api.json({ url: `/api/models/${repoUrlPath(repoId)}`, subject, signal });
      } else if (isStudioError(error) || state.json === undefined) {
        throw isStudioError(error)
          ? error
          : invalidResponse(this.api.endpoint, `${subject} did not come as JSON`, error);
      }
    }
    const parsed = hubModelJson.safeParse(state.json);
    if (parsed.success) return parsed.data;
    throw invalidResponse(this.api.endpoint, `the description of ${repoId} is not one`, parsed.error);
  }

  private async smallJson(
    repoId: string,
    commit: string,
    path: string,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const url = resolveUrl(repoId, commit, path);
    const answer = await this.api.read({ url, accept: '*/*', subject: path, signal }, longestJson);
    return JSON.parse(answer.body.toString('utf8')) as unknown;
  }
}
