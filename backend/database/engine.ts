import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { arrayTypes } from './arrayTypes';
import { EngineStopped } from './sqlEngine';

/** The parts of the Emscripten module that are needed here. */
interface EngineModule {
  _PostgresMainLoopOnce(): void;
  stackRestore(pointer: number): void;
}

/** PostgreSQL's way of leaving a failed statement; the only exception after which the engine goes on. */
const longJump = 100;

/**
 * PGlite that stops when PostgreSQL does. By itself PGlite swallows the exception of a panic (a full disk under the
 * write-ahead log, say) and asks the dead engine again and again without end, which freezes the whole process.
 */
export class Engine extends PGlite {
  private constructor(
    options: PGliteOptions,
    private readonly said: string[],
  ) {
    super(options);
  }

  /** Rejects with `EngineStopped` when PostgreSQL does not start. */
  static async start(options: PGliteOptions): Promise<Engine> {
    const said: string[] = [];
    const onStderr = (line: string): boolean => {
      if (/\b(PANIC|FATAL):/.test(line)) said.push(line.replace(/^.*?\b(PANIC|FATAL): +/, ''));
      return false;
    };
    const exitCode = process.exitCode;
    try {
      const engine = new Engine({ ...options, ...arrayTypes(), onStderr }, said);
      await engine.waitReady;
      engine.guard();
      return engine;
    } catch (error) {
      if (said[0] === undefined) throw error;
      throw new EngineStopped(said[0], { cause: error });
    } finally {
      // Emscripten writes the process's exit code when a start fails; the process goes on.
      process.exitCode = exitCode;
    }
  }

  /** Undefined while the engine is alive. */
  get stopped(): EngineStopped | undefined {
    const words = this.said[0];
    return words === undefined ? undefined : new EngineStopped(words);
  }

  /** Given with the options. */
  override _initArrayTypes(): Promise<void> {
    return Promise.resolve();
  }

  override execProtocolRawSync(message: Uint8Array): Uint8Array<ArrayBuffer> {
    if (this.stopped) throw this.stopped;
    return super.execProtocolRawSync(message) as Uint8Array<ArrayBuffer>;
  }

  /** PGlite's loop restores the stack after every exception: the one place where it can be made to end. */
  private guard(): void {
    const module = this.mod as unknown as EngineModule;
    const once = module._PostgresMainLoopOnce;
    const restore = module.stackRestore;
    module._PostgresMainLoopOnce = () => {
      try {
        once();
      } catch (error) {
        const { status } = error as { status?: unknown };
        if (status !== longJump)
          this.said.push(error instanceof Error ? error.message : `exit status ${String(status)}`);
        throw error;
      }
    };
    module.stackRestore = (pointer) => {
      if (this.stopped) throw this.stopped;
      restore(pointer);
    };
  }
}
