/** A published model in the backend: its answers come over the panel, its sounds as files. */
import { readWav } from '../../../ml/audio/wav';
import { mixdown } from '../../../ml/audio/audioData';
import { writeWav } from '../../../ml/audio/wavWriter';
import { inferenceRun } from '../../../protocol/api/inference';
import { panelFileUri, panelKeepFile, panelProgress } from '../../../protocol/api/panel';
import { inferenceProgress, type InferenceParams } from '../../../protocol/model/inference';
import { toBase64 } from '../../common/base64';
import { fetchBytes } from '../../common/fetchBytes';
import type { Page } from '../../common/page';
import type { Answer } from '../resultView';
import { outputOf, SpokenPieces } from './output';
import type { Asked, ModelWorker, Sound, WorkEvents } from './work';

export class BackendWorker implements ModelWorker {
  readonly place = 'backend';

  constructor(
    private readonly page: Page<{ readonly scratchPath: string }>,
    private readonly modelPath: string,
    private readonly speaks: boolean,
  ) {}

  async run(asked: Asked, events: WorkEvents): Promise<Answer> {
    const { peer, input } = this.page;
    const given = await this.given(asked);
    const token = crypto.randomUUID();
    const spoken = new SpokenPieces();
    // Files are fetched one after another: sounds must come in their order.
    let fetched = Promise.resolve();
    const failures: unknown[] = [];
    const stop = peer.onNotification(panelProgress, (progress) => {
      if (progress.token !== token) return;
      const { data: value } = inferenceProgress.safeParse(progress.value);
      if (value === undefined) return;
      if ('piece' in value) events.onWritten(value);
      else if ('segments' in value) events.onHearing(value);
      else
        fetched = fetched
          .then(async () => {
            for (const { path } of value.pieces) {
              const piece = await this.soundAt(path);
              spoken.add(piece);
              if (!events.signal.aborted) events.onSound(piece);
            }
          })
          .catch((error: unknown) => void failures.push(error));
    });
    try {
      const { engine, output, timings } = await peer.call(
        inferenceRun,
        {
          modelPath: this.modelPath,
          input: given,
          token,
          ...(asked.parameters === undefined ? {} : { parameters: asked.parameters }),
          ...(this.speaks ? { outputPath: `${input.scratchPath}/${crypto.randomUUID()}.wav` } : {}),
        },
        events.signal,
      );
      await fetched;
      if (failures.length > 0) throw failures[0];
      return {
        place: 'backend',
        engine,
        loadMs: timings.loadMs,
        firstMs: spoken.firstMs,
        seconds: timings.audioSeconds,
        output: {
          runMs: timings.runMs,
          ...(output.audioPath === undefined
            ? outputOf(output)
            : { sound: await this.whole(output.audioPath) }),
        },
      };
    } finally {
      stop();
    }
  }

  /** Its memory is the backend's own, which gives it back when nothing is asked for a while. */
  free(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  private async whole(path: string): Promise<NonNullable<Answer['output']['sound']>> {
    const { uri } = await this.page.peer.call(panelFileUri, { path });
    const wav = new Uint8Array(await fetchBytes(uri));
    const audio = readWav(wav);
    return { wav, samples: mixdown(audio), sampleRate: audio.sampleRate };
  }

  private async soundAt(path: string): Promise<Sound> {
    const { samples, sampleRate } = await this.whole(path);
    return { samples, sampleRate };
  }

  /** The backend reads wav files: what was dropped, or is compressed, is put where it can read it. */
  private async given({ text, sound }: Asked): Promise<InferenceParams['input']> {
    if (sound === undefined) return text === undefined ? {} : { text };
    const { path, samples, sampleRate } = sound;
    if (path !== undefined && /\.wav$/i.test(path)) return { audioPath: path };
    const wav = writeWav({ sampleRate, channels: [samples] });
    const kept = await this.page.peer.call(panelKeepFile, { name: 'clip.wav', base64: toBase64(wav) });
    return { audioPath: kept.path };
  }
}
