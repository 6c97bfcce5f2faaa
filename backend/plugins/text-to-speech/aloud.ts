/** The same few sentences, spoken after an epoch: for people to listen to, and for a recogniser to read back. */
import type { Frames } from '../../../ml/dsp/stft';
import type { VoiceFeatureOptions } from '../../../ml/voice/features';
import { breathe } from '../../sdk/breathe';
import type { TaskSample } from '../../sdk/trainingTask';
import type { Utterance } from './batches';
import type { ReadBack, Spoken } from './evaluate';
import type { Painter } from './pictures';
import type { Recogniser } from './recogniser';
import type { Waveform } from './waveform';

interface Said {
  readonly utterance: Utterance;
  /** Log-mels, not normalised, of the voice and of the recording. */
  readonly mels: Frames;
  readonly recorded: Frames;
  sound?: Float32Array;
}

export class Aloud {
  private said: Said[] = [];
  /** Of the recordings themselves: what the recogniser would get wrong anyway. */
  private truthRate: Promise<number> | undefined;

  constructor(
    private readonly sentences: readonly Utterance[],
    private readonly features: VoiceFeatureOptions,
    private readonly waveform: Waveform,
    private readonly recogniser: Recogniser | undefined,
    private readonly painter: Painter,
  ) {}

  /** What the voice makes of them now, among others. */
  take(spoken: readonly Spoken[]): void {
    const { mels } = this.features;
    this.said = this.sentences.flatMap((utterance) => {
      const found = spoken.find((one) => one.utterance === utterance);
      if (found === undefined) return [];
      const framed = (data: Float32Array): Frames => ({ frames: data.length / mels, width: mels, data });
      return [{ utterance, mels: framed(found.own), recorded: framed(found.truth) }];
    });
  }

  /** Undefined without a recogniser. */
  async readBack(stop: AbortSignal): Promise<ReadBack | undefined> {
    const { recogniser } = this;
    if (recogniser === undefined) return undefined;
    const sounds: { text: string; samples: Float32Array; sampleRate: number }[] = [];
    for (const one of this.said) {
      const samples = await this.soundOf(one, stop);
      sounds.push({ text: one.utterance.text, samples, sampleRate: this.features.sampleRate });
    }
    this.truthRate ??= recogniser.fileErrorRate(this.sentences);
    const rate = await recogniser.errorRate(sounds);
    return {
      count: sounds.length,
      measure: recogniser.units === 'phonemes' ? 'PER' : 'CER',
      rate,
      recordingsRate: await this.truthRate,
    };
  }

  async samples(stop: AbortSignal): Promise<TaskSample[]> {
    const { hop, sampleRate } = this.features;
    const length = (frames: number): string => `${((frames * hop) / sampleRate).toFixed(2)} s`;
    const samples: TaskSample[] = [];
    for (const one of this.said) {
      const sound = { samples: await this.soundOf(one, stop), sampleRate };
      const { text, audioPath, frames } = one.utterance;
      samples.push({
        input: text,
        audioPath,
        truth: length(frames),
        predicted: length(one.mels.frames),
        sound,
        pictures: this.painter.picturesOf(one),
      });
    }
    return samples;
  }

  private async soundOf(one: Said, stop: AbortSignal): Promise<Float32Array> {
    await breathe();
    stop.throwIfAborted();
    return (one.sound ??= await this.waveform.speak(one.mels, stop));
  }
}
