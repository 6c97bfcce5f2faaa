/** The processes of a studio, from Linux's /proc: whom to kill, and who is still there. */
import { readdir, readFile } from 'node:fs/promises';

interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Every running descendant of `root` whose command line contains `text`. */
export async function descendants(root: number, text: string): Promise<ProcessInfo[]> {
  const all = await processes();
  const inTree = new Set([root]);
  // Parents have no order in /proc: repeat until nobody joins.
  for (let before = 0; before !== inTree.size;) {
    before = inTree.size;
    for (const { pid, parent } of all) if (inTree.has(parent)) inTree.add(pid);
  }
  return all.filter(({ pid, command }) => pid !== root && inTree.has(pid) && command.includes(text));
}

async function processes(): Promise<ProcessInfo[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(names.map(describe));
  return found.filter((one) => one !== undefined);
}

async function describe(name: string): Promise<ProcessInfo | undefined> {
  try {
    const [status, command] = await Promise.all([
      readFile(`/proc/${name}/status`, 'utf8'),
      readFile(`/proc/${name}/cmdline`, 'utf8'),
    ]);
    const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    return { pid: Number(name), parent, command: command.replaceAll('\0', ' ') };
  } catch {
    return undefined; // it ended while we looked
  }
}
