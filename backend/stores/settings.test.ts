import { expect, it } from 'vitest';
import { describeDatabase } from '../../tests/fixtures/databases';
import { SettingsStore } from './settings';
import { localUserId } from './rows';
import { UsersStore } from './users';

describeDatabase('SettingsStore', (test) => {
  const store = (): SettingsStore => new SettingsStore(test().db);

  it('is empty at first and answers exactly what was stored last', async () => {
    expect(await store().get()).toEqual({});
    await store().replace({ downloads: { parallelFiles: 3 }, training: { engine: 'wasm' } });
    expect(await store().get()).toEqual({ downloads: { parallelFiles: 3 }, training: { engine: 'wasm' } });
    await store().replace({ hub: { endpoint: 'https://hub.example' }, downloads: { parallelFiles: 4 } });
    expect(await store().get()).toEqual({
      hub: { endpoint: 'https://hub.example' },
      downloads: { parallelFiles: 4 },
    });
    await store().replace({});
    expect(await store().get()).toEqual({});
  });

  it('goes with its user', async () => {
    const [user] = await test().db.query(`INSERT INTO users (username) VALUES ('other') RETURNING id`);
    await test().db.query(`INSERT INTO user_settings (user_id, key, value) VALUES ($1, 'a', '1'::jsonb)`, [
      user?.['id'],
    ]);
    await test().db.query(`DELETE FROM users WHERE username = 'other'`);
    expect(await test().db.query('SELECT 1 FROM user_settings')).toEqual([]);
  });
});

describeDatabase('UsersStore', (test) => {
  it('knows the local user, the owner, who has no password', async () => {
    const users = new UsersStore(test().db);
    expect(await users.local()).toMatchObject({ id: localUserId, username: 'local', role: 'owner' });
    expect(await users.list()).toHaveLength(1);
    expect(await users.find('7b2c9a4e-1111-4222-8333-444455556666')).toBeUndefined();
    const [row] = await test().db.query('SELECT password_hash FROM users');
    expect(row?.['password_hash']).toBeNull();
  });
});
