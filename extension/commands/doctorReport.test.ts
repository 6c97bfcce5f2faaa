import { describe, expect, it } from 'vitest';
import { cleaned, doctorReportText, type DoctorFacts } from './doctorReport';

const facts: DoctorFacts = {
  health: {
    status: 'degraded',
    checks: [{ name: 'hub', ok: false, detail: 'http://sara:geheim@hub.example refuses hf_abcdefgh', ms: 3 }],
    versions: { node: '20.1.0' },
  },
  environment: { Goya: '0.1.0' },
  plugins: [
    { id: 'mine', kind: 'training-task', title: 'Mine', path: '/x', loaded: false, error: 'it throws' },
  ],
  settings: { 'goya.database.url': 'postgres://goya:geheim@db/goya', 'goya.modelsPath': '/home/sara/models' },
  counts: { 'downloads: failed': 2 },
  complaints: ['error: cannot write /home/sara/x ```'],
  homeFolder: '/home/sara',
};

describe('the report', () => {
  const text = doctorReportText(facts);

  it('says what is wrong, and with which settings', () => {
    for (const part of [
      'Goya: Doctor',
      'not everything does',
      'it throws',
      'downloads\\: failed',
      'goya\\.modelsPath',
      '20\\.1\\.0',
    ])
      expect(text).toContain(part);
  });

  it('has no passwords, tokens or home in it', () => {
    expect(text).not.toMatch(/geheim|hf_abcdefgh|\/home\/sara/);
    expect(text).toContain('~\\/models');
  });

  it('cannot be left by what a log says', () => {
    expect(text.match(/```/g)).toHaveLength(2);
  });

  it('is there when the backend is not', () => {
    const { environment, plugins, settings, counts, complaints, homeFolder } = facts;
    const rest = { environment, plugins, settings, counts, complaints, homeFolder };
    const report = doctorReportText({ ...rest, failure: 'The database is locked.' });
    expect(report).toContain('The backend does not answer: The database is locked');
    expect(report).toContain('goya\\.modelsPath');
  });
});

it('leaves paths alone where there is no home', () => {
  expect(cleaned(['/srv/goya', 3, null], '/')).toEqual(['/srv/goya', 3, null]);
});
