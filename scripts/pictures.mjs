// The readme's pictures: `npm run pictures [-- --from DIR]`. Opens every view in VS Code (tests/e2e/looks.test.ts, some
// minutes), or takes the pictures of an earlier run from DIR, and writes those that the readme shows, small, to docs/images/.
import path from 'node:path';
import { runMain } from './lib/failure.mjs';
import { writeReadmePictures } from './lib/pictures/readme.mjs';
import { inRoot, root } from './lib/project.mjs';
import { run } from './lib/run.mjs';
import { bytesText, say } from './lib/say.mjs';

await runMain(async () => {
  const at = process.argv.indexOf('--from');
  const looks = at > 0 ? path.resolve(process.argv[at + 1] ?? '') : inRoot('test-results/looks');
  if (at < 0) {
    say('opening every view and page in VS Code, to take their pictures');
    const args = ['run', '--project', 'e2e', 'tests/e2e/looks.test.ts'];
    await run(process.execPath, [inRoot('node_modules/vitest/vitest.mjs'), ...args], {
      cwd: root,
      show: true,
    });
  }
  for (const { name, bytes } of await writeReadmePictures(looks, inRoot('docs/images')))
    say(`docs/images/${name}: ${bytesText(bytes)}`);
});
