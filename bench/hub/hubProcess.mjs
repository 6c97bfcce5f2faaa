// The fixture hub in a process of its own, steered over IPC: `fork`ed by the benches, never run by hand.
import { startHub } from '../../tests/fixtures/hub/server.mjs';

const hub = await startHub();

/** Each answers what the parent's `call` resolves with. */
const methods = {
  urls: () => ({ url: hub.url, cdnUrl: hub.cdnUrl }),
  add: (id, files) => hub.add(id, files),
  fault: (fault) => void hub.fault(fault),
  clearFaults: () => hub.clearFaults(),
  connections: () => hub.connections(),
  /** Body bytes that the CDN handed to its sockets. */
  sent: () => hub.requests.filter((r) => r.host === 'cdn').reduce((sum, r) => sum + r.bytes, 0),
  /** Answers still under way. */
  busy: () => hub.open,
  forget: () => void hub.requests.splice(0),
};

process.on('message', async ({ id, method, args }) => {
  try {
    process.send({ id, value: await methods[method](...args) });
  } catch (error) {
    process.send({ id, error: String(error.stack) });
  }
});
process.on('disconnect', () => process.exit());
