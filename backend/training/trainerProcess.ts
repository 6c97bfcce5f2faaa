/** A trainer's child process, as the backend holds it. */
import { fork, type ChildProcess } from 'node:child_process';
import { language } from '../language/say';
import {
  fromTrainer,
  type FromTrainer,
  type StartMessage,
  type ToTrainer,
  type TrialMessage,
} from './trainerProtocol';

export interface TrainerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it wrote to its error stream. */
  readonly stderr: string;
}

export interface TrainerListeners {
  message(message: FromTrainer): void;
  /** Once, after the last message. */
  exit(exit: TrainerExit): void;
  /** A line of its error stream, or what it sent against the protocol. */
  noise(line: string): void;
}

const keptStderr = 8192;
/** What a trainer has no use for: a plugin's code must not find it. */
const secrets = ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN', 'DATABASE_URL'];

export class TrainerProcess {
  private readonly child: ChildProcess;
  private stderr = '';

  constructor(entry: string, start: StartMessage | TrialMessage, listeners: TrainerListeners) {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !secrets.includes(name)));
    this.child = fork(entry, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [], env });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-keptStderr);
      for (const line of text.split(/\r?\n/)) if (line.trim() !== '') listeners.noise(line);
    });
    this.child.on('message', (raw) => {
      const parsed = fromTrainer.safeParse(raw);
      if (parsed.success) listeners.message(parsed.data);
      else listeners.noise(`unknown message: ${JSON.stringify(raw).slice(0, 200)}`);
    });
    let over = false;
    const exit = (code: number | null, signal: NodeJS.Signals | null): void => {
      if (over) return;
      over = true;
      listeners.exit({ code, signal, stderr: this.stderr });
    };
    // `close` comes when its streams and messages are read to the end; `error` when it could not be started at all.
    this.child.on('close', exit);
    this.child.on('error', (error) => {
      this.stderr += error.message;
      if (this.child.pid === undefined) exit(null, null);
    });
    this.send({ ...start, locale: language() });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Asks it to end at a checkpoint. */
  stop(): void {
    this.send({ type: 'stop' });
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private send(message: ToTrainer): void {
    // A process that died meanwhile reports its exit; there is nobody to send to.
    if (this.child.connected) this.child.send(message, () => undefined);
  }
}
