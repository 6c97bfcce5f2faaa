/** Extensions of others, packed and installed beside Goya as people would, in a folder of extensions of their own. */
import { createVSIX } from '@vscode/vsce';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { inject } from 'vitest';
import { installExtension } from '../../../scripts/lib/codeServer/start.mjs';

/** Answers the folder of extensions, made in `folder`. */
export async function withExtensions(folder: string, sources: readonly string[]): Promise<string> {
  const extensionsDir = path.join(folder, 'extensions');
  await cp(inject('extensionsDir'), extensionsDir, { recursive: true });
  for (const [i, cwd] of sources.entries()) {
    const vsix = path.join(folder, `other-${i}.vsix`);
    await createVSIX({
      cwd,
      packagePath: vsix,
      dependencies: false,
      allowMissingRepository: true,
      skipLicense: true,
    });
    const userDataDir = path.join(folder, 'installer');
    await installExtension({ folder: inject('codeServer'), vsix, extensionsDir, userDataDir });
  }
  return extensionsDir;
}
