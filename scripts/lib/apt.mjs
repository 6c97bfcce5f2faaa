import { Failure } from './failure.mjs';
import { run, which } from './run.mjs';
import { say } from './say.mjs';

/**
 * How this process may install system packages: directly (root), through `sudo -n` (no password asked),
 * or not at all. Undefined where there is no apt.
 */
export async function aptAccess() {
  if (process.platform !== 'linux') return undefined;
  const apt = await which('apt-get');
  if (!apt) return undefined;
  if (process.getuid() === 0) return { command: apt, args: [] };
  const sudo = await which('sudo');
  if (!sudo) return undefined;
  const { ok } = await run(sudo, ['-n', 'true'], { allowFailure: true });
  return ok ? { command: sudo, args: ['-n', '--preserve-env=DEBIAN_FRONTEND', apt] } : undefined;
}

/** Installs Debian packages, or says the command that a person with the rights can run. */
export async function aptInstall(packages, { what, elsewhere }) {
  const access = await aptAccess();
  if (!access) {
    const byHand = process.platform === 'linux' ? `sudo apt-get install ${packages.join(' ')}` : elsewhere;
    throw new Failure(`${what} is missing and cannot be installed from here. Run: ${byHand}`);
  }
  say(`installing ${packages.join(', ')} (system packages)`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['-y', '-qq', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];
  const install = () =>
    run(access.command, [...access.args, 'install', ...options, ...packages], { env, allowFailure: true });
  // The list of packages may be missing or too old on a fresh machine; asking for it first costs seconds each time.
  const first = await install();
  if (first.ok) return;
  await run(access.command, [...access.args, 'update', '-qq'], { env, allowFailure: true });
  const second = await install();
  if (!second.ok)
    throw new Failure(
      `apt-get could not install ${packages.join(' ')}:\n${second.stderr.trim().split('\n').slice(-10).join('\n')}`,
    );
}
