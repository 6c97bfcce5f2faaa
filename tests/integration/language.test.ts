import { afterEach, describe, expect, it } from 'vitest';
import { downloadsPlan } from '../../protocol/api/downloads';
import { hubModelInfo } from '../../protocol/api/hub';
import { healthCheck } from '../../protocol/api/session';
import { trainingValidate } from '../../protocol/api/training';
import { startHub, type Hub } from '../fixtures/hub/server.mjs';
import { startBackend, type Backend } from './backend';

let hub: Hub | undefined;
let backend: Backend | undefined;
afterEach(async () => {
  await backend?.dispose();
  await hub?.close();
});

/** What people read of each part: a verdict, a plan's note, a config's problems, a refusal, the health of the hub. */
async function said(locale: string | undefined): Promise<string[]> {
  hub = await startHub();
  await hub.add('org/voice', { 'model.safetensors': 'a', 'pytorch_model.bin': 'b' });
  const of = locale === undefined ? {} : { locale };
  backend = await startBackend({ initialize: { ...of, settings: { hub: { endpoint: hub.url } } } });
  const config = { task: 'tabular-classification', data: { path: 'nothing.csv' }, training: { epochs: 0 } };
  const validated = await backend.call(trainingValidate, { config, basePath: backend.storagePath });
  const refused = backend.call(downloadsPlan, { repoId: 'org/absent' }).then(
    () => 'answered',
    (error: unknown) => (error as Error).message,
  );
  const health = await backend.call(healthCheck, {});
  return [
    (await backend.call(hubModelInfo, { repoId: 'org/voice' })).runsHere.reason,
    (await backend.call(downloadsPlan, { repoId: 'org/voice' })).note ?? '',
    ...validated.problems.map(({ message }) => message),
    await refused,
    health.checks.find(({ name }) => name === 'hub')?.detail ?? '',
  ];
}

describe('what the backend says to people', () => {
  it('is English where the client names no language', async () => {
    const texts = await said(undefined);
    expect(texts.join('\n')).not.toMatch(/[\u0600-\u06ff\u2066-\u2069]/);
    const [verdict, note, ...rest] = texts;
    expect(verdict).toMatch(/^The weights are safetensors; this version of Goya does not run them/);
    expect(note).toContain("Include '*' to take everything.");
    expect(rest.join('\n')).toMatch(/`epochs`: Too small[^]*does not exist[^]*was not found[^]*answers/);
  });

  it('is Persian where it names that', async () => {
    const texts = await said('fa-IR');
    expect(texts.length).toBeGreaterThanOrEqual(6);
    for (const text of texts) {
      expect(text).toMatch(/^\u2067.*[\u0600-\u06ff].*\u2069$/);
      // Names stay; no sentence does.
      expect(text).not.toMatch(/\b(the|is|to|not|and)\b/);
    }
  });
});
