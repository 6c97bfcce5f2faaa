/** The hub's JSON as far as Goya reads it. Tolerant: a mirror or a small hub leaves things out. */
import { z } from 'zod';

const count = z.number().nonnegative().catch(0);
const text = z.string().optional().catch(undefined);

export const hubLfs = z.object({
  /** The sha256; `sha256` in a model's siblings, `oid` in a tree. */
  oid: text,
  sha256: text,
  size: z.number().optional().catch(undefined),
});

const siblings = z
  .array(
    z.object({
      rfilename: z.string(),
      size: z.number().nullish(),
      blobId: z.string().nullish(),
      lfs: hubLfs.nullish(),
    }),
  )
  .nullish();

export const hubModelJson = z.object({
  id: text,
  modelId: text,
  sha: text,
  private: z.boolean().catch(false),
  gated: z
    .union([z.boolean(), z.string()])
    .nullish()
    .catch(false)
    // Hubs that only say that it is gated leave open how: the authors may have to agree.
    .transform((value): false | 'auto' | 'manual' =>
      value === 'auto'
        ? 'auto'
        : value === true || (typeof value === 'string' && value !== 'false')
          ? 'manual'
          : false,
    ),
  downloads: count,
  likes: count,
  tags: z.array(z.string()).catch([]),
  pipeline_tag: text,
  library_name: text,
  lastModified: text,
  cardData: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  config: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  siblings,
});
export type HubModelJson = z.infer<typeof hubModelJson>;

export const hubTreeEntry = z.object({
  type: z.string(),
  path: z.string(),
  size: z.number().catch(0),
  oid: text,
  lfs: hubLfs.nullish(),
});

export const whoAmIJson = z.object({
  name: text,
  type: text,
  auth: z
    .object({
      type: text,
      accessToken: z.object({ displayName: text, role: text }).nullish().catch(undefined),
    })
    .nullish()
    .catch(undefined),
});
