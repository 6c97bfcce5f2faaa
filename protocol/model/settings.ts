import * as z from 'zod';

export const engineChoices = ['auto', 'tensorflow', 'wasm', 'cpu'] as const;
export const engineChoice = z.enum(engineChoices);
export type EngineChoice = z.infer<typeof engineChoice>;
export type EngineName = Exclude<EngineChoice, 'auto'>;

/** Strict at every level: an unknown key is refused, never dropped in silence. */
export const settings = z.strictObject({
  hub: z
    .strictObject({
      endpoint: z.url({ protocol: /^https?$/ }).optional(),
      /** `http://user:password@host:port`, https or socks5; `direct`: none; `environment` or empty: the environment's. */
      proxy: z.string().optional(),
      /** Hosts that are reached without a proxy, beside those of `NO_PROXY`. */
      noProxy: z.array(z.string()).optional(),
      /** False: certificates are not checked. */
      strictTls: z.boolean().optional(),
      /** A whole `Proxy-Authorization` header; empty: from the proxy's address. */
      proxyAuthorization: z.string().optional(),
    })
    .optional(),
  downloads: z
    .strictObject({
      parallelFiles: z.number().int().min(1).max(32).optional(),
      parallelRanges: z.number().int().min(1).max(32).optional(),
      /** 0: no limit. */
      bytesPerSecond: z.number().int().min(0).optional(),
    })
    .optional(),
  database: z.strictObject({ url: z.string().optional() }).optional(),
  training: z
    .strictObject({
      engine: engineChoice.optional(),
      maxParallelRuns: z.number().int().min(1).max(64).optional(),
    })
    .optional(),
  text: z
    .strictObject({
      /** A TSV file of words and phonemes that goes before the model; relative to the workspace. Empty: none. */
      lexicon: z.string().optional(),
    })
    .optional(),
});
export type Settings = z.infer<typeof settings>;

/** They may hold a password and belong to the machine a session runs on: never kept beyond it. */
export const sessionOnlyHubKeys = ['proxy', 'noProxy', 'strictTls', 'proxyAuthorization'] as const;
