import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../failure.mjs';
import { findNode, provisionNode } from '../nodes.mjs';

/** The program that runs a code-server: this Node, unless that is older than what the code-server was made for. */
export function codeServerNode(folder) {
  const major = newerNode(folder);
  if (major === undefined) return process.execPath;
  const found = findNode(major);
  if (found === undefined)
    throw new Failure(
      `${folder} needs Node ${major}, which has gone from the cache. Delete that folder and try again.`,
    );
  return found;
}

/** Fetches the Node that a code-server needs, where this one is too old for it. */
export async function provisionCodeServerNode(folder) {
  const major = newerNode(folder);
  if (major !== undefined) await provisionNode(major);
}

/** The major version that it names, when it is above that of the running Node. */
function newerNode(folder) {
  const file = path.join(folder, 'node_modules', 'code-server', 'package.json');
  const { engines } = JSON.parse(readFileSync(file, 'utf8'));
  const major = /\d+/.exec(engines?.node ?? '')?.[0];
  return major !== undefined && Number(major) > Number(process.versions.node.split('.')[0])
    ? major
    : undefined;
}
