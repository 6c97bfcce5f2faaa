import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireWheel } from '../../scripts/lib/tensorflow/provision.mjs';
import { notBuiltHere } from '../../backend/training/engines/nativePlatforms';
import { useStudio } from './support/studio';

/** Nothing listens there: what the installation says of it is what people see of a mirror that is down. */
const nowhere = 'http://127.0.0.1:9/simple';
const megabyte = 1_000_000;
const size = 230 * megabyte;

/** An index whose file begins and never ends. */
let server: Server;
let index: string;
let open = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url?.startsWith('/simple/') === true) {
      response.setHeader('content-type', 'text/html');
      const { sha256 } = requireWheel();
      return void response.end(`<a href="/files/tensorflow.whl#sha256=${sha256}">tensorflow.whl</a>`);
    }
    open++;
    response.on('close', () => open--);
    response.writeHead(200, { 'content-length': size });
    response.write(Buffer.alloc(46 * megabyte));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  index = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('installing the native engine', () => {
  const studio = useStudio({
    settings: { 'goya.language': 'fa' },
    env: { NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' },
  });

  async function install(from: string): Promise<void> {
    const { workbench } = studio();
    await workbench.run('Goya: Install Native TensorFlow Engine');
    const picked = workbench.quickPick();
    await picked.row('pypi.org').waitFor({ timeout: 30_000 });
    await studio().screenshot('install-engine-sources');
    await picked.choose(/مخزنی دیگر/);
    await picked.asking(/mirror\.example\.org/).waitFor();
    await picked.answer(from);
  }

  it('asks where from, and says what is wrong with an index that does not answer', async () => {
    const { workbench } = studio();
    await workbench.openSidebar();
    await install(nowhere);
    // On a machine without a compiler, that is what is said first.
    await workbench.notification(/127\.0\.0\.1:9|C\+\+|x64/).waitFor({ timeout: 60_000 });
    await studio().screenshot('install-engine-unreachable');
    await workbench.run('Notifications: Clear All Notifications');
  });

  it('shows how much has come, and stops when it is cancelled', async (context) => {
    context.skip(notBuiltHere() !== undefined, 'native TensorFlow is not built for this system');
    const { workbench } = studio();
    await install(index);
    // So much of 230 MB.
    const notice = workbench.notification('۲۳۰');
    await notice.waitFor({ timeout: 60_000 });
    await studio().screenshot('install-engine-progress');
    expect(open).toBe(1);
    await notice.getByText('Cancel', { exact: true }).click();
    await notice.waitFor({ state: 'detached', timeout: 30_000 });
    await expect.poll(() => open, { timeout: 30_000 }).toBe(0);
    // Cancelled is no failure: nothing more is said.
    expect(await workbench.notification(/TensorFlow|تنسورفلو/).count()).toBe(0);
  });
});
