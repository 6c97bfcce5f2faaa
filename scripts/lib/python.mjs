import { Failure } from './failure.mjs';
import { run, which } from './run.mjs';

/** A Python with pip: needed only to fetch a wheel while provisioning, never when Goya runs. */
export async function findPythonWithPip() {
  const candidates = [
    { name: 'python3', args: [] },
    { name: 'python', args: [] },
    { name: 'py', args: ['-3'] },
  ];
  let found;
  for (const { name, args } of candidates) {
    const command = await which(name);
    if (!command) continue;
    found ??= command;
    const { ok } = await run(command, [...args, '-m', 'pip', '--version'], { allowFailure: true });
    if (ok) return { command, args };
  }
  throw new Failure(
    found
      ? `${found} has no pip. Install it (Debian and Ubuntu: apt-get install python3-pip; elsewhere: python3 -m ensurepip) and run this again.`
      : 'Python was not found. Install Python 3 with pip and run this again; it is needed only to fetch TensorFlow.',
  );
}
