/** The panel's end of the model page: one model, with what the hub and the library would say of it. */
import { downloadsPlan, downloadsStart } from '../../../protocol/api/downloads';
import { hubCard, hubModelInfo } from '../../../protocol/api/hub';
import {
  panelCommand,
  panelOpenLink,
  panelSubscribe,
  panelTopic,
  panelUnsubscribe,
} from '../../../protocol/api/panel';
import type { Download } from '../../../protocol/model/download';
import type { HubModelDetails } from '../../../protocol/model/hubModel';
import type { Model } from '../../../protocol/model/model';
import { matchesPattern } from '../../../backend/hub/patterns';
import type { PostMessagePeer } from '../../../protocol/wire/postMessage';

export const repoId = 'goya-test/صدا-voice';
export const pageUrl = `https://hub.example/${repoId}`;

export const details: HubModelDetails = {
  repoId,
  task: 'text-to-speech',
  library: 'transformers',
  tags: ['fa'],
  downloads: 12_345,
  likes: 6,
  lastModified: '2026-10-01T00:00:00.000Z',
  licence: 'apache-2.0',
  licenceNote: 'The card says apache-2.0, the tags say cc-by-nc-4.0: ask the authors which one holds.',
  gated: false,
  private: false,
  languages: ['fa'],
  commit: 'c'.repeat(40),
  files: [
    { path: 'config.json', size: 1200 },
    { path: 'model.onnx', size: 63_000_000 },
    { path: 'pytorch_model.bin', size: 145_000_000 },
    { path: 'set[1-9]*.txt', size: 10 },
  ],
  totalBytes: 208_001_210,
  runsHere: {
    verdict: 'no',
    reason:
      'The weights are ONNX (vits); this version of Goya does not run them. It can be downloaded and kept.',
  },
  access: { gated: false, granted: true, url: pageUrl, explanation: '' },
  weights: {
    formats: ['ONNX', 'PyTorch (pickle)'],
    architecture: 'vits',
    memoryBytes: 63_000_000,
    pickle: 'avoidable',
    onnx: {
      path: 'model.onnx',
      irVersion: 8,
      producer: 'pytorch 2.1.0',
      opsets: [{ domain: '', version: 15 }],
      inputs: [{ name: 'input', type: 'int64', shape: ['batch', 'phonemes'] }],
      properties: { sample_rate: '22050' },
      externalData: [],
    },
  },
  comparable: { repoId: 'org/small', title: 'Small Voice', sizeBytes: 1_000_000 },
};

export const card = `# صدای فارسی

این مدل متن فارسی را به گفتار تبدیل می‌کند.

An English paragraph with a [link](https://example.org/paper), [script](javascript:alert(1)) and ![picture](wave.png).

<script>document.body.dataset.hacked = '1'</script>
<img src=x onerror="document.body.dataset.hacked = '1'">

| metric | value |
|---|---|
| MOS | 4.1 |
`;

export interface FakeHub {
  readonly calls: { readonly started: unknown[]; readonly links: string[]; readonly commands: unknown[] };
  /** Tells subscribers of a topic. */
  publish(topic: 'downloads' | 'models', value: unknown): void;
  details: HubModelDetails;
}

export function fakeHub(peer: PostMessagePeer, changed: Partial<HubModelDetails> = {}): FakeHub {
  const tokens = new Map<string, string | number>();
  const calls: FakeHub['calls'] = { started: [], links: [], commands: [] };
  const hub: FakeHub = {
    calls,
    details: { ...details, ...changed },
    publish: (topic, value) => peer.notify(panelTopic, { token: tokens.get(topic) ?? '', value }),
  };
  peer.handle(panelSubscribe, ({ topic, token }) => {
    tokens.set(topic, token);
    return Promise.resolve({ items: [] });
  });
  peer.handle(panelUnsubscribe, () => Promise.resolve({}));
  peer.handle(hubModelInfo, () => Promise.resolve(hub.details));
  peer.handle(hubCard, () => Promise.resolve({ markdown: card, truncated: false }));
  peer.handle(downloadsPlan, ({ include }) => {
    const files = hub.details.files
      .filter(({ path }) =>
        include === undefined
          ? path !== 'pytorch_model.bin'
          : include.some((pattern) => matchesPattern(path, pattern)),
      )
      .map(({ path, size }) => ({ path, size, state: 'missing' as const }));
    const totalBytes = files.reduce((sum, file) => sum + file.size, 0);
    const note = include === undefined ? { note: 'Takes the ONNX weights.' } : {};
    return Promise.resolve({
      commit: hub.details.commit,
      files,
      totalBytes,
      remainingBytes: totalBytes,
      freeBytes: 5e9,
      ...note,
    });
  });
  peer.handle(downloadsStart, (params) => {
    calls.started.push(params);
    return Promise.resolve(download('queued', 0));
  });
  peer.handle(panelOpenLink, ({ url }) => {
    calls.links.push(url);
    return Promise.resolve({});
  });
  peer.handle(panelCommand, (call) => {
    calls.commands.push(call);
    return Promise.resolve({});
  });
  return hub;
}

let seq = 0;
export function download(
  state: Download['state'],
  bytesDone: number,
  more: Partial<Download> = {},
): Download {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    repoId,
    commit: details.commit,
    path: '/models/x',
    state,
    bytesDone,
    bytesTotal: 63_001_210,
    filesDone: 0,
    filesTotal: 3,
    bytesPerSecond: state === 'downloading' ? 6_100_000 : 0,
    ...(state === 'downloading' ? { etaSeconds: 8 } : {}),
    createdAt: '2026-11-01T00:00:00.000Z',
    updatedAt: '2026-11-01T00:00:00.000Z',
    seq: (seq += 1),
    ...more,
  };
}

export function installed(): Model {
  return {
    id: '00000000-0000-4000-8000-000000000002',
    name: repoId,
    type: 'tts',
    repoId,
    path: '/models/x',
    sizeBytes: 63_001_210,
    licence: 'apache-2.0',
    status: 'ready',
    metadata: {},
    createdAt: '2026-11-01T00:00:00.000Z',
    seq: (seq += 1),
  };
}
