// Installs what is missing and says so: `node scripts/ensure.mjs [dependencies|compiler|tensorflow|onnx|
// codeserver|chromium|fonts|postgres|huggingface|espeak|nodes …]`; without a name, all of it. Quick when nothing is missing.
// Only Node's own modules are imported from here on: node_modules may not exist yet.
import { Failure, runMain } from './lib/failure.mjs';
import { requirements } from './lib/requirements.mjs';

await runMain(async () => {
  const named = process.argv.slice(2);
  for (const name of named.length > 0 ? named : Object.keys(requirements)) {
    const ensure = Object.hasOwn(requirements, name) ? requirements[name] : undefined;
    if (!ensure) throw new Failure(`${name} is unknown here: ${Object.keys(requirements).join(', ')}`);
    await ensure();
  }
});
