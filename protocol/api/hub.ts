import { z } from 'zod';
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
  }),
  z.object({
    models: z.array(hubModel),
    nextCursor: z.string().optional(),
    /** The hub is not asked (`HF_HUB_OFFLINE`): these are the installed and the shipped, chosen models alone. */
    offline: z.boolean().optional(),
  }),
);

export const hubModelInfo = request(
  'hub/model',
  z.object({ repoId: z.string().min(1), revision: z.string().min(1).optional() }),
  hubModelDetails,
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
});
export type CuratedModel = z.infer<typeof curatedModel>;

/** The shipped list of Persian models, with counts refreshed from the hub where it answers. */
export const hubCurated = request(
  'hub/curated',
  z.object({ category: curatedCategory }),
  z.object({ models: z.array(curatedModel), offline: z.boolean() }),
);
