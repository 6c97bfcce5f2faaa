/** What turns sound into the frames that a recogniser's own layers are given. */
import type { Frames } from '../dsp/stft';

export interface Ear {
  /** Hz of the samples that it takes. */
  readonly sampleRate: number;
  /** Numbers that stand for each frame. */
  readonly width: number;
  /** Samples from one frame to the next. */
  readonly hop: number;
  /** Samples that one frame is made of. */
  readonly field: number;
  /** `[frames, width]` of mono sound at its rate. Rejects with `input.invalid` for sound that is too short. */
  hear(samples: Float32Array): Promise<Frames>;
}

/** A downloaded model that hears, without the part of it that writes. */
export interface SpeechEncoder extends Ear {
  readonly family: 'wav2vec2' | 'whisper';
  dispose(): void;
}
