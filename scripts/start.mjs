// Opens the studio on the sample workspace: `npm start [-- --browser] [--no-open] [--port N]`.
// Desktop VS Code when its `code` command is on the PATH (unless --browser), else VS Code in the browser.
import { ensureBuilt } from './lib/build.mjs';
import { studioFolder } from './lib/cacheFolder.mjs';
import { freePort, isPortFree, startCodeServer } from './lib/codeServer/start.mjs';
import { Failure, runMain } from './lib/failure.mjs';
import { root } from './lib/project.mjs';
import { requirements } from './lib/requirements.mjs';
import { run, which } from './lib/run.mjs';
import { durationText, say } from './lib/say.mjs';
import {
  copySamples,
  desktopCommand,
  installStudio,
  openInBrowser,
  prepareProfile,
  studioFolders,
} from './lib/studio.mjs';

const usualPort = 8420;

await runMain(async () => {
  const options = parse(process.argv.slice(2));
  const started = Date.now();
  await requirements.dependencies();
  const key = await ensureBuilt(root);
  await engine();
  const folders = studioFolders(studioFolder());
  await copySamples(root, folders.workspace);
  const code = options.browser ? undefined : await which('code');
  if (code) return openDesktop(code, folders.workspace);
  return serve({ options, key, folders, started });
});

function parse(args) {
  const options = { browser: false, open: process.env.CI !== 'true', port: undefined };
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i];
    if (arg === '--browser') options.browser = true;
    else if (arg === '--no-open') options.open = false;
    else if (arg === '--port') options.port = portOf(args[(i += 1)]);
    else if (arg.startsWith('--port=')) options.port = portOf(arg.slice('--port='.length));
    else throw new Failure(`${arg} is unknown. Use --browser, --no-open, --port N.`);
  }
  return options;
}

function portOf(text) {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new Failure(`--port ${text ?? ''}: a number from 1 to 65535 is needed.`);
  return port;
}

/** The native engine is worth having, not a condition: without it the studio trains on WASM. */
async function engine() {
  try {
    await requirements.tensorflow();
    say('training engine: native TensorFlow');
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(`training engine: WASM. ${error.message}`);
  }
}

async function openDesktop(code, workspace) {
  const [command, args] = desktopCommand(code, [`--extensionDevelopmentPath=${root}`, workspace]);
  await run(command, args);
  say(`the studio opens in desktop VS Code on ${workspace}`);
}

async function serve({ options, key, folders, started }) {
  const codeServer = await requirements.codeserver();
  await prepareProfile(folders.userDataDir);
  await installStudio({ root, key, codeServer, folders });
  const port = options.port ?? ((await isPortFree(usualPort)) ? usualPort : await freePort());
  const server = await startCodeServer({ folder: codeServer, port, ...folders });
  say(`the studio is at ${server.url} (ready after ${durationText(Date.now() - started)})`);
  say('Ctrl+C stops it');
  if (options.open) openInBrowser(server.url);
  let asked = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(signal, () => {
      asked = true;
      void server.stop();
    });
  await server.ended;
  if (!asked) throw new Failure(`VS Code in the browser ended by itself:\n${server.output().slice(-3000)}`);
  say('the studio has stopped');
}
