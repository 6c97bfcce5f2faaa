import { expect, it } from 'vitest';
import { networkReportText, routeSentence } from './networkReport';

it('shows each part with what was found, and once what to do', () => {
  const markdown = networkReportText({
    ok: false,
    checks: [
      { name: 'dns', ok: true, host: 'hub.example', detail: 'hub.example is 192.0.2.1', ms: 5 },
      {
        name: 'hub',
        ok: false,
        host: 'hub.example',
        detail: 'cut | off',
        finding: 'cut',
        advice: 'x',
        ms: 12,
      },
      { name: 'cdn', ok: true, skipped: true, detail: 'not asked', ms: 0 },
      { name: 'mirror', ok: false, host: 'm.example', detail: 'refused', finding: 'refused', ms: 7 },
    ],
    route: { endpoint: 'https://hf-mirror.com', explanation: 'x' },
  });
  expect(markdown).toContain('| ✓ | Name \\(DNS\\) | hub\\.example |');
  expect(markdown).toContain('| ✗ | Hub | hub\\.example | cut \\| off | 12\u00a0ms |');
  expect(markdown).toContain('| – | Host of the files |  | not asked |  |');
  expect(markdown.match(/^- /gm)).toHaveLength(1);
  expect(markdown).toMatch(/- \*\*Hub hub\\.example\*\*: Something on the way cuts/);
  expect(markdown).toMatch(/\*\*.*hf\\-mirror\\.com.* answers\\.\*\*/);
});

it('says what a way changes', () => {
  expect(routeSentence({ proxy: 'direct', explanation: '' })).toBe('It answers without the proxy.');
  expect(routeSentence({ proxy: 'environment', explanation: '' })).toContain('environment');
});
