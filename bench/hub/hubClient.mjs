import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../scripts/lib/failure.mjs';

/** The fixture hub as a child: what it costs is not on the account of whom it serves. */
export class HubProcess {
  #child = fork(fileURLToPath(new URL('./hubProcess.mjs', import.meta.url)));
  #waiting = new Map();
  #next = 1;
  url = '';

  static async start() {
    const hub = new HubProcess();
    hub.#child.on('message', ({ id, value, error }) => {
      const { resolve, reject } = hub.#waiting.get(id);
      hub.#waiting.delete(id);
      if (error === undefined) resolve(value);
      else reject(new Failure(error));
    });
    Object.assign(hub, await hub.call('urls'));
    return hub;
  }

  call(method, ...args) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, method, args });
    });
  }

  async stop() {
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }
}
