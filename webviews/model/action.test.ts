import { expect, it } from 'vitest';
import type { Download, DownloadPlan, DownloadState } from '../../protocol/model/download';
import type { HubModelDetails } from '../../protocol/model/hubModel';
import type { Model } from '../../protocol/model/model';
import { actionOf } from './action';

const details = { repoId: 'a/b', files: [] } as unknown as HubModelDetails;
const gated = {
  ...details,
  access: { gated: 'manual', granted: false, url: 'https://h/a/b', explanation: '' },
} as const;
const plan = (remainingBytes: number, freeBytes = 1e9): DownloadPlan => ({
  commit: 'c',
  files: [],
  totalBytes: 10,
  remainingBytes,
  freeBytes,
});
const download = (state: DownloadState) => ({ id: 'd', state }) as unknown as Download;
const installed = { id: 'm', status: 'ready' } as unknown as Model;

it.each<[string, Parameters<typeof actionOf>[0], object]>([
  ['nothing is known', { ticked: 0 }, { kind: 'none' }],
  ['it can be downloaded', { details, plan: plan(5), ticked: 1 }, { kind: 'download', bytes: 5, add: false }],
  [
    'it is on disk, not in the library',
    { details, plan: plan(0), ticked: 1 },
    { kind: 'download', add: true },
  ],
  ['the sums are worked out', { details, ticked: 1 }, { kind: 'planning' }],
  ['what would be fetched is not known yet', { details, ticked: undefined }, { kind: 'planning' }],
  ['nothing is ticked', { details, plan: plan(0), ticked: 0 }, { kind: 'nothingTicked' }],
  ['the disk is full', { details, plan: plan(5, 2), ticked: 1 }, { kind: 'diskFull', missing: 3 }],
  ['conditions are to be accepted', { details: gated, plan: plan(5), ticked: 1 }, { kind: 'accept' }],
  ['it is installed', { details, plan: plan(0), installed, ticked: 1 }, { kind: 'reveal' }],
  ['it is installed, offline', { installed, ticked: 0 }, { kind: 'reveal' }],
  [
    'it is installed, gated since',
    { details: gated, plan: plan(0), installed, ticked: 1 },
    { kind: 'reveal' },
  ],
  ['more is ticked than installed', { details, plan: plan(3), installed, ticked: 2 }, { kind: 'download' }],
  [
    'its files are gone',
    { details, plan: plan(3), installed: { ...installed, status: 'missing' }, ticked: 2 },
    { kind: 'download' },
  ],
  ['it waits', { details, plan: plan(5), download: download('queued'), ticked: 1 }, { kind: 'pause' }],
  ['it runs', { details, plan: plan(5), download: download('downloading'), ticked: 1 }, { kind: 'pause' }],
  ['it is paused', { details, plan: plan(5), download: download('paused'), ticked: 1 }, { kind: 'resume' }],
  ['it failed', { download: download('failed'), ticked: 0 }, { kind: 'resume' }],
  [
    'it was cancelled',
    { details, plan: plan(5), download: download('cancelled'), ticked: 1 },
    { kind: 'download' },
  ],
])('%s', (_name, situation, action) => {
  expect(actionOf(situation)).toMatchObject(action);
});
