/** The installer as the backend holds it: a process of its own, which unpacks and compiles for a minute. */
import { fork } from 'node:child_process';
import { StudioError } from '../../../../protocol/wire/errors';
import type { InstallProgress } from '../../../../protocol/api/engines';
import { fromInstaller, type FromInstaller, type InstallMessage, type ToInstaller } from './installProtocol';

export interface InstallCall {
  /** The installer's bundle. */
  readonly entry: string;
  readonly message: InstallMessage;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: InstallProgress) => void;
  readonly noise: (line: string) => void;
}

/** A stopped installer that does not go is ended by force. */
const stopGrace = 5000;
const secrets = ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN', 'DATABASE_URL'];

/** Answers the engine's folder. Rejects with why there is none, or what aborted the signal. */
export async function install({ entry, message, signal, onProgress, noise }: InstallCall): Promise<string> {
  signal.throwIfAborted();
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !secrets.includes(name)));
  const child = fork(entry, [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [], env });
  const seen: { verdict?: Exclude<FromInstaller, { type: 'progress' }> } = {};
  const tell = (one: ToInstaller): void => {
    if (child.connected) child.send(one, () => undefined);
  };
  let last = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split(/\r?\n/).filter((one) => one.trim() !== '')) noise((last = line));
    });
  }
  child.on('message', (raw) => {
    const parsed = fromInstaller.safeParse(raw);
    if (!parsed.success) noise(`unknown message: ${JSON.stringify(raw).slice(0, 200)}`);
    else if (parsed.data.type === 'progress') onProgress(parsed.data.progress);
    else seen.verdict = parsed.data;
  });
  let killer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    tell({ type: 'stop' });
    killer = setTimeout(() => child.kill('SIGKILL'), stopGrace);
  };
  signal.addEventListener('abort', stop, { once: true });
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
    child.on('error', (error) => {
      last = error.message;
      if (child.pid === undefined) resolve(null);
    });
    tell(message);
  });
  clearTimeout(killer);
  signal.removeEventListener('abort', stop);
  if (seen.verdict?.type === 'installed') return seen.verdict.folder;
  signal.throwIfAborted();
  if (seen.verdict === undefined) {
    const text = `The installation ended with code ${code ?? 'none'}. Its last words: ${last}`;
    throw new StudioError('engine.unavailable', text, { retryable: true });
  }
  const { kind, message: text, retryable, details } = seen.verdict.failure;
  throw new StudioError(kind, text, { retryable, ...(details === undefined ? {} : { details }) });
}
