/** The backend's entry point: one process, one connection, one studio. */
import { setFlagsFromString } from 'node:v8';
import { useLanguage } from './language/say';
import { createLog } from './log';
import { bindStudio } from './rpc/bind';
import { Session } from './rpc/session';
import { openTransport, parseTransport, usage } from './rpc/transport';
import { openStudio } from './studio';

// What lives shortly here is small and holds large buffers outside the heap: a young generation that stays small gives
// them back sooner, and the process needs 20 MB less.
setFlagsFromString('--semi-space-growth-factor=1');
// The embedded PostgreSQL is optimized only where it is a hundred times as busy as V8 asks for by itself: else compiling it
// takes both cores, and 50 MB, in the first ten seconds of a session.
setFlagsFromString('--wasm-tiering-budget=180000000');

const transport = parseTransport(process.argv.slice(2));
if (transport === undefined) {
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}

const backendLog = createLog(process.env['GOYA_LOG_LEVEL'] ?? 'info');
const { log } = backendLog;

const { connection, onGone } = await openTransport(transport, {
  error: (message) => log.error(message),
  warn: (message) => log.warn(message),
  info: (message) => log.info(message),
  log: (message) => log.debug(message),
});

let ending = false;
let leaving = false;
function end(code: number): void {
  if (ending) return;
  ending = true;
  connection.dispose();
  void backendLog.close().finally(() => process.exit(code));
}

const session = new Session({
  connection,
  log,
  end,
  open: async (params) => {
    const logFile = backendLog.toFile(params.storagePath);
    log.info({ client: params.client, logFile }, 'session starts');
    await useLanguage(params.locale);
    const studio = await openStudio(params, log);
    const bound = bindStudio({ connection, studio, log, requireOpen: session.requireOpen });
    return {
      answer: studio.answer,
      close: async () => {
        bound.dispose();
        await studio.close();
      },
    };
  },
});

/** Milliseconds that a clean end may take; what is not saved by then is taken up at the next start. */
const endTimeout = 15_000;

/** The client is gone or the system asks: end what runs, lose nothing, leave no child behind. */
function endSession(reason: string): void {
  if (leaving) return;
  leaving = true;
  log.info({ reason }, 'session ends');
  setTimeout(() => process.exit(75), endTimeout).unref();
  void session.close().finally(() => end(0));
}
onGone(() => endSession('the client is gone'));
process.on('SIGTERM', () => endSession('SIGTERM'));
process.on('SIGINT', () => endSession('SIGINT'));
// A slip in one request must not take the others down; it is logged with its stack and shows in the health of the next call.
process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
process.on('uncaughtException', (error) => {
  log.fatal({ err: error }, 'uncaught exception');
  void session.close().finally(() => end(70));
});

connection.onError(([error]) => log.error({ err: error }, 'the connection failed'));
connection.listen();
