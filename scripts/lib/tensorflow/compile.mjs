import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../failure.mjs';
import { run, whichOf } from '../run.mjs';

/**
 * Compiles tfjs-node's binding against TensorFlow's C API. Only N-API is used, so the headers of the
 * `node-api-headers` package are enough (no Node headers to fetch) and one binary suits Node and Electron alike.
 * The binding finds its libraries relative to itself: the folder can be moved.
 * `sources`: the folders of the binding's C++ (`binding`), of Goya's own (`kernels`), and of N-API's headers (`include`).
 */
export async function compileBinding({ sources, headers, libraries, output, signal }) {
  const compiler = await requireCompiler();
  const { binding, include } = sources;
  await mkdir(path.dirname(output), { recursive: true });
  const args = [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', '-fvisibility=hidden', '-DNAPI_VERSION=8', '-w'],
    ...['-I', include, '-I', headers, '-I', path.dirname(binding)],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => path.join(binding, name)),
    ...['-L', libraries, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
    '-Wl,-rpath,$ORIGIN/../deps/lib',
    ...['-o', output],
  ];
  await run(compiler, args, { signal });
}

/**
 * Compiles Goya's own operations beside the binding, for this machine's processor as far as the compiler knows it: they ask
 * it again when they are loaded. They need no headers of TensorFlow's.
 */
export async function compileKernels({ sources, libraries, output, signal }) {
  const { kernels, include } = sources;
  const files = (await readdir(kernels)).filter((name) => name.endsWith('.cc')).sort();
  const args = [
    ...['-std=c++17', '-O3', '-ffp-contract=fast', '-fno-math-errno', '-fPIC', '-shared', '-pthread'],
    ...['-fvisibility=hidden', '-DNAPI_VERSION=8', '-w', '-I', include],
    ...files.map((name) => path.join(kernels, name)),
    ...['-L', libraries, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
    '-Wl,-rpath,$ORIGIN/../deps/lib',
    ...['-o', output],
  ];
  const compiler = await requireCompiler();
  const [best, plain] = [[...(await vectorFlags()), ...args], args];
  const first = await run(compiler, best, { allowFailure: best !== plain, signal });
  // An older compiler may not know the names of processors.
  if (!first.ok) await run(compiler, plain, { signal });
}

async function vectorFlags() {
  if (process.arch !== 'x64') return [];
  const info = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const has = (...names) => names.every((name) => new RegExp(`^flags.*\\b${name}\\b`, 'm').test(info));
  if (!has('avx2', 'fma', 'bmi2')) return [];
  if (!has('avx512f', 'avx512dq', 'avx512vl', 'avx512bw')) return ['-march=x86-64-v3'];
  return ['-march=x86-64-v4', '-mprefer-vector-width=512'];
}

async function requireCompiler() {
  const compiler = await findCompiler();
  if (compiler) return compiler;
  throw new Failure(
    'No C++ compiler was found. Install one (Debian and Ubuntu: apt-get install g++) and run this again. ' +
      'Without it Goya trains on its WASM engine.',
  );
}

/** A C++ compiler, or undefined. */
export async function findCompiler() {
  return process.env.CXX || (await whichOf(['g++', 'c++', 'clang++']));
}
