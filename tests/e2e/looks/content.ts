/** What the pictures show: a workspace with recordings, models on the hub that run, and more of each than one. */
import { copyFile, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readWav } from '../../../ml/audio/wav';
import { writeWav } from '../../../ml/audio/wavWriter';
import { writeVoice } from '../../fixtures/voiceFolder';
import type { Hub } from '../../fixtures/hub/server.mjs';
import { repository, type Studio } from '../support/studio';

export const voice = 'goya-test/tiny-voice-fa';
export const recogniser = 'goya-test/tiny-ear-fa';
export const large = 'goya-test/large-voice-fa';

const keywords = path.join(repository, 'samples/workspace/data/keywords');

/** A config with one field that is not there. */
export const broken = `{
  // Which kind a flower is.
  "task": "tabular-classification",
  "name": "Flowers",
  "data": { "path": "data/iris.csv", "label": "speces" },
  "training": { "epoch": 40, "batchSize": 8 }
}
`;

export async function fill({ workspace, hub }: Studio): Promise<void> {
  await writeFile(path.join(workspace, 'flowers.train.json'), broken);
  await writeFile(
    path.join(workspace, 'یادداشت.md'),
    '# يادداشت\n\n  كتاب هاي علي را مي خوانم .\nسال 1403 و ۲۰% آن\n',
  );
  await writeFile(path.join(workspace, 'broken.wav'), 'this is no sound');
  await recordings(workspace);
  await words(workspace);
  await models(hub, path.join(workspace, '..', 'made'));
}

/** LJSpeech with what inspection finds something in: Arabic letters, a digit, a clip that is not there. */
async function recordings(workspace: string): Promise<void> {
  const folder = path.join(workspace, 'data', 'گفتار');
  await mkdir(path.join(folder, 'wavs'), { recursive: true });
  const lines: string[] = [];
  for (const word of await readdir(keywords)) {
    const [clip] = await readdir(path.join(keywords, word));
    const id = `clip${String(lines.length).padStart(3, '0')}`;
    lines.push(`${id}|گفت: ${word}`);
    if (clip !== undefined && lines.length !== 7)
      await copyFile(path.join(keywords, word, clip), path.join(folder, 'wavs', `${id}.wav`));
  }
  const at = (i: number, text: string): void => void (lines[i] = `${lines[i]?.split('|')[0] ?? ''}|${text}`);
  at(1, 'كتاب را روي ميز گذاشتم.');
  at(3, 'سال 1402 سال خوبی بود.');
  at(5, 'این یک test کوتاه است.');
  await writeFile(path.join(folder, 'metadata.csv'), `${lines.join('\n')}\n`);
}

/** Every sample word once, one after the other, with their times beside it. */
async function words(workspace: string): Promise<void> {
  const rate = 16_000;
  const samples: number[] = [];
  const lines: string[] = [];
  for (const word of await readdir(keywords)) {
    const [clip = ''] = await readdir(path.join(keywords, word));
    const { channels } = readWav(await readFile(path.join(keywords, word, clip)));
    const from = samples.length / rate;
    samples.push(...(channels[0] ?? []));
    const to = samples.length / rate;
    lines.push(`${String(lines.length + 1)}\n${time(from)} --> ${time(to)}\n${word}\n`);
    samples.push(...new Array<number>(rate / 4).fill(0));
  }
  const wav = writeWav({ sampleRate: rate, channels: [Float32Array.from(samples)] });
  await writeFile(path.join(workspace, 'واژه‌ها.wav'), wav);
  await writeFile(path.join(workspace, 'واژه‌ها.srt'), lines.join('\n'));
}

const time = (seconds: number): string => `00:00:${seconds.toFixed(3).padStart(6, '0').replace('.', ',')}`;

async function models(hub: Hub, made: string): Promise<void> {
  await writeVoice(path.join(made, 'voice'));
  await cp(path.join(repository, 'tests/goldens/data/wav2vec2_base'), path.join(made, 'ear'), {
    recursive: true,
  });
  const about = { library_name: 'transformers', downloads: 12_345, likes: 67 };
  await hub.add(
    voice,
    { ...(await voiceFiles(path.join(made, 'voice'))), 'README.md': card },
    { ...about, tags: ['vits', 'fa', 'license:mit'], pipeline_tag: 'text-to-speech' },
  );
  await hub.add(recogniser, await filesOf(path.join(made, 'ear')), {
    ...about,
    tags: ['wav2vec2', 'fa', 'license:apache-2.0'],
    pipeline_tag: 'automatic-speech-recognition',
  });
  await hub.add(
    large,
    {
      'config.json': JSON.stringify({ model_type: 'vits' }),
      'model.safetensors': Buffer.alloc(40_000_000, 1),
    },
    { ...about, tags: ['vits', 'fa', 'license:cc-by-nc-4.0'], pipeline_tag: 'text-to-speech' },
  );
}

/** With the architecture that published voices name. */
async function voiceFiles(folder: string): Promise<Record<string, Buffer>> {
  const files = await filesOf(folder);
  const config = z.looseObject({}).parse(JSON.parse(String(files['config.json'])));
  const named = JSON.stringify({ architectures: ['VitsModel'], ...config });
  return { ...files, 'config.json': Buffer.from(named) };
}

async function filesOf(folder: string): Promise<Record<string, Buffer>> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  return Object.fromEntries(
    await Promise.all(files.map(async (name) => [name, await readFile(path.join(folder, name))] as const)),
  );
}

const card = `---
license: mit
language: fa
---
# A tiny Persian voice

It speaks four letters: **س ل ا ی**.

| what | how much |
|---|---|
| letters | 4 |
| sample rate | 8000 Hz |

\`\`\`js
const sound = await speak('سلام');
\`\`\`

صدای فارسی کوچکی برای آزمایش.
`;
