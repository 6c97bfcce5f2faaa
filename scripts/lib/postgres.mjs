import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { which } from './run.mjs';

/** The folder with PostgreSQL's server programs (`initdb`, `postgres`): `GOYA_POSTGRES_BIN`, the PATH, or Debian's place. */
export async function findPostgresBin({ env = process.env, debian = '/usr/lib/postgresql' } = {}) {
  if (env.GOYA_POSTGRES_BIN) return env.GOYA_POSTGRES_BIN;
  const initdb = await which('initdb', { env });
  if (initdb) return path.dirname(initdb);
  if (!existsSync(debian)) return undefined;
  const versions = readdirSync(debian)
    .filter((name) => existsSync(path.join(debian, name, 'bin', 'initdb')))
    .sort((a, b) => Number(b) - Number(a));
  return versions[0] ? path.join(debian, versions[0], 'bin') : undefined;
}
