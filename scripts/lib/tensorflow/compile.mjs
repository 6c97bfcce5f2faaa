import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../failure.mjs';
import { run, whichOf } from '../run.mjs';

/**
 * Compiles tfjs-node's binding against TensorFlow's C API. Only N-API is used, so the headers of the
 * `node-api-headers` package are enough (no Node headers to fetch) and one binary suits Node and Electron alike.
 * The binding finds its libraries relative to itself: the folder can be moved.
 * `sources`: the folders of the binding's C++ (`binding`) and of N-API's headers (`include`).
 */
export async function compileBinding({ sources, headers, libraries, output, signal }) {
  const compiler = await findCompiler();
  if (!compiler)
    throw new Failure(
      'No C++ compiler was found. Install one (Debian and Ubuntu: apt-get install g++) and run this again. ' +
        'Without it Goya trains on its WASM engine.',
    );
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

/** A C++ compiler, or undefined. */
export async function findCompiler() {
  return process.env.CXX || (await whichOf(['g++', 'c++', 'clang++']));
}
