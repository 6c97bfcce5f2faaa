import { describe, expect, it } from 'vitest';
import type { DatasetReport } from '../../protocol/model/dataset';
import { hubModelItem } from './hubItem';
import { datasetReportText, healthReportText } from './reports';
import { fileOf, targetOf } from './target';

describe('targetOf', () => {
  it('reads what trees, pages and notifications pass', () => {
    expect(targetOf('id')).toEqual({ id: 'id' });
    expect(targetOf({ id: 'id', other: 1 })).toEqual({ id: 'id' });
    expect(targetOf({ target: { id: 'c', runId: 'r' }, item: () => undefined })).toEqual({
      id: 'c',
      runId: 'r',
    });
  });

  it('takes nothing else', () => {
    for (const argument of [undefined, null, '', 7, {}, { id: 7 }, { target: undefined }])
      expect(targetOf(argument)).toBeUndefined();
  });
});

describe('fileOf', () => {
  it('reads paths and uris', () => {
    expect(fileOf('/a/b.train.json')).toBe('/a/b.train.json');
    expect(fileOf({ fsPath: '/a', scheme: 'file' })).toBe('/a');
    expect(fileOf({ id: 'x' })).toBeUndefined();
    expect(fileOf(undefined)).toBeUndefined();
  });
});

describe('a search result', () => {
  it('shows task, downloads, licence and access', () => {
    const item = hubModelItem({
      repoId: 'a/b',
      task: 'text-to-speech',
      tags: [],
      downloads: 12_345,
      likes: 0,
      licence: 'mit',
      gated: true,
      private: false,
      languages: [],
    });
    expect(item.label).toBe('$(unmute) a/b');
    expect(item.description.toLowerCase()).toBe('mit · licence to accept · 12.3k downloads · text to speech');
  });
});

describe('reports', () => {
  it('name each check with what was found', () => {
    const text = healthReportText(
      {
        status: 'degraded',
        checks: [
          { name: 'database', ok: true, detail: 'embedded', ms: 6 },
          { name: 'hub', ok: false, detail: 'https://hub.example | refused', ms: 19 },
        ],
        versions: { goya: '0.1.0' },
      },
      { 'VS Code': '1.100.0' },
    );
    expect(text).toContain('| ✓ | Database |');
    expect(text).toContain('| ✗ | Hub | https\\:\\/\\/hub\\.example \\| refused | 19\u00a0ms |');
    expect(text).toContain('| VS Code | 1\\.100\\.0 |');
  });

  const report: DatasetReport = {
    format: 'csv',
    items: 3,
    problems: [
      { severity: 'error', code: 'cell.nan', message: 'x', file: '/data/t.csv', line: 14 },
      { severity: 'warning', code: 'y', message: 'y', file: '/data/set/a.wav' },
    ],
    stats: {
      bytes: 3716,
      columns: [
        { name: 'a', kind: 'numeric' },
        { name: 'b', distinct: 3 },
      ],
    },
  };

  it('tell the place of each finding in short', () => {
    expect(datasetReportText('/data/t.csv', report)).toContain('| ✗ | x | t\\.csv\\:14 |');
    expect(datasetReportText('/data/set', report)).toContain('| ⚠ | y | a\\.wav |');
  });

  it('show lists of records as tables', () => {
    const text = datasetReportText('/data/t.csv', report);
    expect(text).toContain('| Size | 4 KB |');
    expect(text).toContain('| name | kind | distinct |');
    expect(text).toContain('| b |  | 3 |');
  });
});
