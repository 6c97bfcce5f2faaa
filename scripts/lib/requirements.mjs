import { aptInstall } from './apt.mjs';
import { cacheFolder } from './cacheFolder.mjs';
import { findChromium } from './chromium.mjs';
import { provisionCodeServer } from './codeServer/provision.mjs';
import { chosenVersion, lowest, newest } from './codeServer/versions.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { findHfClient, provisionHfClient } from './hfClient.mjs';
import { provisionNodes } from './nodes.mjs';
import { repositoryOnnxKit } from './onnx/kit.mjs';
import { provisionOnnx } from './onnx/provision.mjs';
import { findPostgresBin } from './postgres.mjs';
import { root } from './project.mjs';
import { findPythonWithPip } from './python.mjs';
import { run, which, whichOf } from './run.mjs';
import { repositoryKit } from './tensorflow/kit.mjs';
import { provisionTensorflow } from './tensorflow/provision.mjs';

/**
 * What the project may need on a machine, by name. Each one looks first and costs next to nothing when all is there;
 * otherwise it installs, or throws a Failure that says what a person can do.
 * @type {Record<string, () => Promise<unknown>>}
 */
export const requirements = {
  dependencies: () => ensureDependencies(root),
  compiler: ensureCompiler,
  tensorflow: async () => {
    await ensureCompiler();
    await ensurePip();
    return provisionTensorflow({ kit: repositoryKit(root), cache: cacheFolder() });
  },
  onnx: async () => {
    await ensurePip();
    return provisionOnnx({ kit: repositoryOnnxKit, cache: cacheFolder() });
  },
  codeserver: () => ensureCodeServer(chosenVersion()),
  lowestcodeserver: () => ensureCodeServer(lowest),
  newestcodeserver: () => ensureCodeServer(newest),
  chromium: ensureChromium,
  fonts: ensureFonts,
  postgres: ensurePostgres,
  huggingface: ensureHuggingFace,
  espeak: ensureEspeak,
  nodes: provisionNodes,
};

async function ensureCodeServer(version) {
  await ensureCompiler();
  return provisionCodeServer({ cache: cacheFolder(), version });
}

async function ensureCompiler() {
  const missing = [];
  if (!(await whichOf(['g++', 'c++', 'clang++']))) missing.push('g++');
  if (!(await which('make'))) missing.push('make');
  if (!(await whichOf(['python3', 'python', 'py']))) missing.push('python3'); // node-gyp is written in it
  if (missing.length === 0 || process.platform === 'win32') return;
  await aptInstall(missing, { what: 'A C++ compiler with make', elsewhere: 'xcode-select --install' });
}

async function ensurePip() {
  try {
    await findPythonWithPip();
  } catch {
    await aptInstall(['python3', 'python3-pip'], {
      what: 'Python with pip',
      elsewhere: 'the installer of Python 3 from python.org',
    });
  }
}

async function ensureChromium() {
  if (await findChromium()) return;
  await aptInstall(['chromium'], {
    what: 'Chromium (for the tests in real VS Code)',
    elsewhere: 'the installer of Chrome, or set GOYA_CHROMIUM to a Chromium',
  });
}

/** A font with Persian letters: without one, screenshots show boxes. */
async function ensureFonts() {
  const list = await which('fc-list');
  if (process.platform !== 'linux') return; // macOS and Windows ship them
  if (list && (await run(list, [':lang=fa'])).stdout.trim() !== '') return;
  await aptInstall(['fontconfig', 'fonts-dejavu-core', 'fonts-noto-core'], {
    what: 'A font with Persian letters',
    elsewhere: '',
  });
}

async function ensurePostgres() {
  if (await findPostgresBin()) return;
  await aptInstall(['postgresql'], {
    what: 'PostgreSQL (for the tests on a real server)',
    elsewhere: 'the installer of PostgreSQL, with its bin folder on the PATH or in GOYA_POSTGRES_BIN',
  });
}

/** Python's official client, which tests and benches hold Goya against. */
async function ensureHuggingFace() {
  if (!findHfClient()) await ensureVenv();
  return provisionHfClient();
}

/** Debian ships Python without what its `venv` needs. */
async function ensureVenv() {
  const python = await whichOf(['python3', 'python', 'py']);
  const { ok } = python
    ? await run(python, ['-c', 'import venv, ensurepip'], { allowFailure: true })
    : { ok: false };
  if (ok) return;
  await aptInstall(['python3', 'python3-venv'], {
    what: 'Python with its venv module',
    elsewhere: 'the installer of Python 3 from python.org',
  });
}

async function ensureEspeak() {
  if (await which('espeak-ng')) return;
  await aptInstall(['espeak-ng'], {
    what: 'espeak-ng (speaks the sample words anew)',
    elsewhere: 'the installer of espeak-ng',
  });
}
