import * as z from 'zod';
import { empty } from '../model/common';
import { hubModel, hubModelDetails } from '../model/hubModel';
import { request } from '../wire/spec';

export const hubSearch = request(
  'hub/search',
  z.object({
    query: z.string().optional(),
    task: z.string().optional(),
    language: z.string().optional(),
    author: z.string().optional(),
    sort: z.enum(['downloads', 'likes', 'lastModified']).optional(),
    limit: z.number().int().min(1).max(100).optional(),
    cursor: z.string().optional(),
    /** Asks no hub: the installed and the shipped, chosen models alone. For when the hub did not answer. */
    offline: z.boolean().optional(),
  }),
  z.object({
    models: z.array(hubModel),
    nextCursor: z.string().optional(),
    /** The hub is not asked (`HF_HUB_OFFLINE`, or `offline` in the request): these are the installed and the shipped, chosen models alone. */
    offline: z.boolean().optional(),
  }),
);

export const hubModelInfo = request(
  'hub/model',
  z.object({ repoId: z.string().min(1), revision: z.string().min(1).optional() }),
  hubModelDetails,
);

/** The model's card (`README.md`) as Markdown without its front matter: untrusted text, cut off at 200 000 characters. */
export const hubCard = request(
  'hub/card',
  z.object({ repoId: z.string().min(1), revision: z.string().min(1).optional() }),
  z.object({
    /** Empty when the repository has no card. */
    markdown: z.string(),
    truncated: z.boolean(),
  }),
);

export const curatedCategories = ['tts', 'stt', 'llm'] as const;
export const curatedCategory = z.enum(curatedCategories);
export type CuratedCategory = z.infer<typeof curatedCategory>;

/** A hub model that Goya's authors chose, with what they know of it. */
export const curatedModel = hubModel.extend({
  title: z.string(),
  architecture: z.string(),
  formats: z.array(z.string()),
  sizeBytes: z.number().int().nonnegative().optional(),
  /** Picks this model's files in a repository that holds several: pass it on to `downloads/plan` and `/start`. */
  include: z.array(z.string()).optional(),
  /** Why it is on the list, and what to know before using it. */
  note: z.string(),
  /** Where the licence contradicts itself, or the hub contradicts the list. */
  licenceNote: z.string().optional(),
  /** The month (`2026-11`) or day on which its page was read for the list. */
  dateChecked: z.string(),
  /** Whether its weights are on the hub: absent while the hub has not said. */
  available: z.boolean().optional(),
});
export type CuratedModel = z.infer<typeof curatedModel>;

/** The shipped list of Persian models, with counts refreshed from the hub where it answers. */
export const hubCurated = request(
  'hub/curated',
  z.object({ category: curatedCategory }),
  z.object({ models: z.array(curatedModel), offline: z.boolean() }),
);

export const connectionChecks = [
  'proxy',
  'dns',
  'connection',
  'tls',
  'hub',
  'cdn',
  'clock',
  'mirror',
] as const;
export const connectionFindings = [
  'dns',
  'diverted',
  'refused',
  'cut',
  'timeout',
  'noRoute',
  'tls',
  'clock',
  'proxy',
  'proxyLogin',
  'blocked',
  'server',
  'notAHub',
  'token',
  'offline',
  'failed',
] as const;
export type ConnectionFinding = (typeof connectionFindings)[number];

export const connectionCheck = z.object({
  name: z.enum(connectionChecks),
  ok: z.boolean(),
  /** Not done, for the reason in `detail`. */
  skipped: z.boolean().optional(),
  /** What was asked. */
  host: z.string().optional(),
  detail: z.string(),
  /** What is wrong, for clients that have their own words for the advice. */
  finding: z.enum(connectionFindings).optional(),
  /** What a person can do about it. */
  advice: z.string().optional(),
  ms: z.number(),
});
export type ConnectionCheck = z.infer<typeof connectionCheck>;

/** Really asks, for at most some ten seconds. `ok`: the configured way works, whatever the mirrors do. */
export const hubCheckConnection = request(
  'hub/checkConnection',
  empty,
  z.object({
    ok: z.boolean(),
    checks: z.array(connectionCheck),
    /** A way that works when the configured one does not: what to set. */
    route: z
      .object({
        endpoint: z.url().optional(),
        /** What to set as the proxy: `direct` (none) or `environment` (what that says). */
        proxy: z.string().optional(),
        explanation: z.string(),
      })
      .optional(),
  }),
);
export type ConnectionReport = z.infer<(typeof hubCheckConnection)['result']>;
