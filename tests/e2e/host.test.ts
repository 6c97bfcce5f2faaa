import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually';
import { repository, Studio } from './support/studio';

interface HostReport {
  readonly passed: readonly string[];
  readonly failed: readonly { readonly title: string; readonly message: string }[];
}

describe('the checks of tests/desktop', () => {
  it("pass inside this VS Code's extension host too", async () => {
    const report = path.join(tmpdir(), `goya-host-${process.pid}.json`);
    const studio = await Studio.start({ samples: true, env: { GOYA_HOST_REPORT: report } });
    try {
      await studio.open(studio.loading(repository, 'tests/desktop/index.cjs'));
      const result = await eventually(async () => JSON.parse(await readFile(report, 'utf8')) as HostReport, {
        timeoutMs: 120_000,
        everyMs: 200,
      });
      expect(result.failed).toEqual([]);
      expect(result.passed.length).toBeGreaterThan(2);
    } finally {
      await studio.close();
    }
  });
});
