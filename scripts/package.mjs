// Builds and packages the extension: `npm run package [-- --no-build] [--out FILE]` → dist/goya-studio-<version>.vsix.
import path from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { runMain } from './lib/failure.mjs';
import { root } from './lib/project.mjs';
import { bytesText, say } from './lib/say.mjs';
import { packageVsix, vsixFile } from './lib/vsix.mjs';

await runMain(async () => {
  await ensureDependencies(root);
  if (!process.argv.includes('--no-build')) await ensureBuilt(root);
  const at = process.argv.indexOf('--out');
  const out = at > 0 ? path.resolve(process.argv[at + 1]) : await vsixFile(root);
  const { file, size, files } = await packageVsix({ root, file: out });
  say(`${file}: ${bytesText(size)}, ${files} files`);
});
