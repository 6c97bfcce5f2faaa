/** What both databases promise. */
import { expect, it } from 'vitest';
import { describeDatabase } from '../../tests/fixtures/databases';
import { toJson } from './text';

describeDatabase('Database', (test) => {
  it('answers its kind and version', async () => {
    const { kind, version } = await test().db.check();
    expect(['embedded', 'server']).toContain(kind);
    expect(Number.parseInt(version)).toBeGreaterThanOrEqual(13);
  });

  it('gives every type the same way', async () => {
    const [row] = await test().db.query(
      `SELECT 1 AS int4, 9007199254740991::bigint AS int8, 1.5::float8 AS float8, true AS bool, NULL AS nothing,
         '2026-11-22T10:00:00.123Z'::timestamptz AS at, '{"a":[1,null]}'::jsonb AS json, 'سلام'::text AS text,
         ARRAY['a', NULL, '"}'] AS texts, 'b6f0c1de-0000-4000-8000-000000000000'::uuid AS uuid`,
    );
    expect(row).toEqual({
      int4: 1,
      int8: 9007199254740991,
      float8: 1.5,
      bool: true,
      nothing: null,
      at: new Date('2026-11-22T10:00:00.123Z'),
      json: { a: [1, null] },
      text: 'سلام',
      texts: ['a', null, '"}'],
      uuid: 'b6f0c1de-0000-4000-8000-000000000000',
    });
  });

  it('takes every type as parameter', async () => {
    const texts = [`'; DROP TABLE users; --`, '{"a"}', 'back\\slash', 'سلام', '', null, 'NUL\0'];
    const at = '2026-11-22T10:00:00.123Z';
    const [row] = await test().db.query(
      'SELECT $1::text[] AS texts, $2::bigint[] AS sizes, $3::jsonb AS json, $4::timestamptz AS at, $5::text AS none',
      [texts, [1, 2 ** 40], toJson(['x\0']), at, undefined],
    );
    expect(row).toEqual({
      texts: texts.map((text) => text?.replace('\0', '\uFFFD') ?? null),
      sizes: [1, 2 ** 40],
      json: ['x\uFFFD'],
      at: new Date(at),
      none: null,
    });
  });

  it('commits a transaction whole', async () => {
    const { db } = test();
    const answer = await db.transaction(async (tx) => {
      await tx.query(`INSERT INTO users (username) VALUES ('a')`);
      await tx.query(`INSERT INTO users (username) VALUES ('b')`);
      return 'done';
    });
    expect(answer).toBe('done');
    expect(await db.query(`SELECT 1 FROM users WHERE username IN ('a', 'b')`)).toHaveLength(2);
  });

  it('rolls back when the work throws, with the error that it threw', async () => {
    const { db } = test();
    const error = new Error('enough');
    const work = db.transaction(async (tx) => {
      await tx.query(`INSERT INTO users (username) VALUES ('a')`);
      throw error;
    });
    await expect(work).rejects.toBe(error);
    const failed = db.transaction(async (tx) => {
      await tx.query(`INSERT INTO users (username) VALUES ('a')`);
      await tx.query(`INSERT INTO users (username) VALUES ('A')`);
    });
    await expect(failed).rejects.toMatchObject({ code: '23505', constraint: 'users_username_key' });
    expect(await db.query(`SELECT 1 FROM users WHERE username = 'a'`)).toEqual([]);
  });

  it('refuses a transaction that is over', async () => {
    const escaped = await test().db.transaction((tx) => Promise.resolve(tx));
    await expect(escaped.query('SELECT 1')).rejects.toThrow('over');
  });

  it('keeps concurrent transactions apart and loses no update', async () => {
    const { db } = test();
    await db.query(`INSERT INTO users (username, email) VALUES ('counter', '0')`);
    const increment = (): Promise<unknown> =>
      db.transaction(async (tx) => {
        const [row] = await tx.query(`SELECT email FROM users WHERE username = 'counter' FOR UPDATE`);
        await tx.query(`UPDATE users SET email = $1 WHERE username = 'counter'`, [
          String(Number(row?.['email']) + 1),
        ]);
      });
    await Promise.all(Array.from({ length: 25 }, increment));
    const [row] = await db.query(`SELECT email FROM users WHERE username = 'counter'`);
    expect(row?.['email']).toBe('25');
  });

  it('shows no uncommitted row to a query beside the transaction', async () => {
    const { db } = test();
    let inserted!: () => void;
    let finish!: () => void;
    const half = new Promise<void>((resolve) => (inserted = resolve));
    const end = new Promise<void>((resolve) => (finish = resolve));
    const undone = db.transaction(async (tx) => {
      await tx.query(`INSERT INTO users (username) VALUES ('ghost')`);
      inserted();
      await end;
      throw new Error('undo');
    });
    await half;
    const beside = db.query(`SELECT 1 FROM users WHERE username = 'ghost'`);
    finish();
    await expect(undone).rejects.toThrow('undo');
    expect(await beside).toEqual([]);
  });

  it('refuses a query that would wait for the transaction it stands in', async () => {
    const { db } = test();
    const nested = db.transaction(() => db.query('SELECT 1 AS one'));
    // A server has another connection for it.
    if (process.env['GOYA_DATABASES'] === 'server') expect(await nested).toEqual([{ one: 1 }]);
    else await expect(nested).rejects.toThrow('Inside a transaction');
  });

  it('goes on after a failed statement', async () => {
    const { db } = test();
    await expect(db.query('SELECT nonsense')).rejects.toMatchObject({ code: '42703' });
    await expect(db.query('SELECT $1::int', ['x'])).rejects.toMatchObject({ code: '22P02' });
    expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('refuses states and shares that do not exist', async () => {
    const { db } = test();
    const statements = [
      `INSERT INTO models (name, file_path, status) VALUES ('m', '/m', 'lost')`,
      `INSERT INTO models (name, file_path, type) VALUES ('m', '/m', 'video')`,
      `INSERT INTO training_jobs (status) VALUES ('sleeping')`,
      `INSERT INTO training_jobs (progress) VALUES (1.1)`,
      `INSERT INTO training_jobs (config) VALUES ('[]')`,
      `INSERT INTO users (username, role) VALUES ('u', 'god')`,
    ];
    for (const statement of statements) {
      await expect(db.query(statement), statement).rejects.toMatchObject({ code: '23514' });
    }
    await expect(
      db.query(
        `INSERT INTO checkpoints (training_job_id, epoch, loss, file_path) VALUES (gen_random_uuid(), 1, 1, '/')`,
      ),
    ).rejects.toMatchObject({ code: '23503' });
  });

  it('touches updated_at and seq with every change', async () => {
    const { db } = test();
    const [before] = await db.query(`INSERT INTO users (username) VALUES ('u') RETURNING updated_at, seq`);
    const [after] = await db.query(
      `UPDATE users SET email = 'e' WHERE username = 'u' RETURNING updated_at, seq`,
    );
    expect(after?.['seq']).toBeGreaterThan(before?.['seq'] as number);
    expect((after?.['updated_at'] as Date).getTime()).toBeGreaterThanOrEqual(
      (before?.['updated_at'] as Date).getTime(),
    );
  });
});
