/**
 * Where else a hub may be found. The hub's own address and the one public mirror that serves the whole of it, API and
 * files, under the hub's own paths (https://hf-mirror.com); others come from GOYA_HUB_MIRRORS, comma-separated, which
 * takes the place of this list (empty: ask nobody else). Where the network lets the hub through, nothing is lost by
 * asking both; no token goes along.
 */
export const knownHubs: readonly string[] = ['https://huggingface.co', 'https://hf-mirror.com'];

type Environment = Readonly<Record<string, string | undefined>>;

/** The addresses to try beside `endpoint`, without a slash at the end and each once. */
export function otherHubs(endpoint: string, env: Environment, known = knownHubs): string[] {
  const listed = env['GOYA_HUB_MIRRORS']?.split(',') ?? known;
  const all = [...listed, env['HF_ENDPOINT'] ?? '']
    .map((each) => each.trim().replace(/\/+$/, ''))
    .filter((each) => URL.canParse(each) && /^https?:/.test(each));
  const configured = URL.canParse(endpoint) ? new URL(endpoint).origin : endpoint;
  return [...new Map(all.map((each) => [new URL(each).origin, each])).entries()]
    .filter(([origin]) => origin !== configured)
    .map(([, each]) => each);
}
