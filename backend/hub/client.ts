/** Everything Goya asks a hub, except the bytes of large files (transfer.ts). */
import type { CuratedCategory, CuratedModel, hubCard, hubSearch } from '../../protocol/api/hub';
import type { tokenValidate } from '../../protocol/api/settings';
import type { HubAccess, HubModel, HubModelDetails } from '../../protocol/model/hubModel';
import type { Model } from '../../protocol/model/model';
import { isStudioError } from '../../protocol/wire/errors';
import type { Params, ResultIn } from '../../protocol/wire/spec';
import { say } from '../language/say';
import { checkAccess } from './access';
import { HubApi } from './api';
import { readCard } from './card';
import { Curated } from './curated';
import { errorFromNetwork, invalidResponse } from './errors';
import { addressOf, listRepoFiles, routeIsMissing, toFetchResponse, type RepoFile } from './files';
import { createHttp, type Http } from './http';
import { licenceConflict, toHubModel } from './hubModel';
import { liveEntry } from './liveEntry';
import { describeModel } from './modelDetails';
import { searchOffline } from './offlineSearch';
import type { RuntimeJudge } from '../sdk/modelRuntime';
import type { HubOptions } from './options';
import { checkRepoId, repoUrlPath } from './repoId';
import type { BackoffOptions } from './retry';
import { searchHub } from './search';
import { SearchCache } from './searchCache';
import { hubModelJson, whoAmIJson, type HubModelJson } from './wire';

export interface HubClientOptions {
  /** Read for every request, so that a change of endpoint or token applies at once. */
  readonly options: () => HubOptions;
  /** Closed with the client; made here when left out. */
  readonly http?: Http;
  readonly backoff?: BackoffOptions;
  /** What is in the library, for a search without a hub. */
  readonly installed?: () => Promise<readonly Model[]>;
  /** Judges what Goya's own families do not run. */
  readonly runtimes?: RuntimeJudge;
}

/** A repository pinned to the commit that its revision stands for. */
export interface PinnedModel {
  readonly model: HubModel;
  readonly commit: string;
  readonly config: unknown;
  readonly gated: HubAccess['gated'];
  /** What card and tags disagree about, as a sentence. */
  readonly licenceNote: string | undefined;
}

export class HubClient {
  readonly http: Http;
  readonly api: HubApi;
  private readonly curatedLists: Curated;
  private readonly searches = new SearchCache<ResultIn<typeof hubSearch>>();
  /** Whom the hub answered, and which hub. */
  private curatedFor: string | undefined;

  constructor(private readonly settings: HubClientOptions) {
    const options = settings;
    this.http = options.http ?? createHttp();
    this.api = new HubApi({
      http: this.http,
      options: options.options,
      ...(options.backoff === undefined ? {} : { backoff: options.backoff }),
    });
    this.curatedLists = new Curated((repoId, signal) => liveEntry(this.api, repoId, signal));
  }

  search(params: Params<typeof hubSearch>, signal?: AbortSignal): Promise<ResultIn<typeof hubSearch>> {
    const { endpoint, token, offline } = this.settings.options();
    if (offline || params.offline === true) return this.searchOffline(params);
    const key = JSON.stringify([endpoint, token ?? null, params]);
    return this.searches.get(key, () => searchHub(this.api, params, signal));
  }

  /** The model with its files at the commit of `revision`, and whether it runs here. */
  async model(repoId: string, revision = 'main', signal?: AbortSignal): Promise<HubModelDetails> {
    const pinned = await this.pin(repoId, revision, signal);
    const files = await this.files(repoId, pinned.commit, signal);
    const { runtimes } = this.settings;
    return describeModel({ ...pinned, api: this.api, repoId, files, runtimes, signal });
  }

  /** The model's card as Markdown. */
  card(params: Params<typeof hubCard>, signal?: AbortSignal): Promise<ResultIn<typeof hubCard>> {
    return readCard(this.api, params, signal);
  }

  /** What the revision stands for now. Throws `hub.notFound`, `hub.gated`, `hub.unauthorized`, `hub.unreachable`… */
  async pin(repoId: string, revision = 'main', signal?: AbortSignal): Promise<PinnedModel> {
    checkRepoId(repoId);
    const json = await this.modelJson(repoId, revision, signal);
    if (json.sha === undefined || !/^[0-9a-f]{7,64}$/i.test(json.sha)) {
      throw invalidResponse(this.api.endpoint, `it does not tell the commit of ${repoId}`);
    }
    return {
      model: toHubModel(json, repoId),
      commit: json.sha,
      config: json.config ?? undefined,
      gated: json.gated,
      licenceNote: licenceConflict(json),
    };
  }

  /** The files at a commit, in the order of the hub's listing. Their names are not checked. */
  files(repoId: string, commit: string, signal?: AbortSignal): Promise<RepoFile[]> {
    checkRepoId(repoId);
    return listRepoFiles({ api: this.api, repoId, commit, signal });
  }

  /** Rejects with what a download would fail with: for gated repositories, whose metadata anyone may read. */
  async checkAccess(repoId: string, commit: string, path: string, signal?: AbortSignal): Promise<void> {
    return checkAccess(this.api, { repoId, commit, path, signal });
  }

  curated(
    category: CuratedCategory,
    signal?: AbortSignal,
  ): Promise<{ models: CuratedModel[]; offline: boolean }> {
    const { endpoint, token } = this.settings.options();
    const asker = JSON.stringify([endpoint, token ?? null]);
    if (this.curatedFor !== asker) this.curatedLists.forget();
    this.curatedFor = asker;
    return this.curatedLists.list(category, signal);
  }

  /** A token that the hub refuses is a result; a hub that does not answer is an error. */
  async validateToken(token: string, signal?: AbortSignal): Promise<ResultIn<typeof tokenValidate>> {
    if (!/^[\x21-\x7e]+$/.test(token)) {
      return { valid: false, reason: 'A token is one word of letters, digits and signs, without spaces.' };
    }
    try {
      const json = await this.api.json({ url: '/api/whoami-v2', subject: say`The account`, token, signal });
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
      await this.api.json({ url: '/api/models?limit=1', subject: say`The search`, signal });
    } catch (error) {
      const late = signal?.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
      throw late ? errorFromNetwork(this.api.endpoint, new Error('ETIMEDOUT')) : error;
    }
    const { endpoint, tokenSource } = this.api;
    return tokenSource === undefined
      ? say`${endpoint} answers (without a token)`
      : say`${endpoint} answers (with the token from ${tokenSource})`;
  }

  close(): Promise<void> {
    return this.http.close();
  }

  /** What is installed is left out when the library cannot be asked either. */
  private async searchOffline(params: Params<typeof hubSearch>): Promise<ResultIn<typeof hubSearch>> {
    const installed = await (this.settings.installed?.() ?? Promise.resolve([])).catch(() => []);
    return searchOffline(params, installed);
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
}
