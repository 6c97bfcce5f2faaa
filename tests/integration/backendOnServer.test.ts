/** The built backend once more, its state on a real server instead of the embedded database. */
import { afterAll, it } from 'vitest';
import { closeSharedServer } from '../fixtures/databases';
import { skipPostgres } from '../fixtures/postgres';

if (skipPostgres()) {
  it('needs a server', ({ skip }) => skip('GOYA_SKIP_POSTGRES=1 leaves the PostgreSQL server out'));
} else {
  process.env['GOYA_DATABASES'] = 'server';
  await import('./session.test');
  await import('./downloads.test');
  await import('./training.test');
  afterAll(closeSharedServer);
}
