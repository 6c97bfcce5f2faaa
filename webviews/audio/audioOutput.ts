/** The loudspeaker: pieces of sound, each at its time on the output's own clock. */

export interface Voice {
  stop(): void;
}

/** Given by the page, so that tests need no browser. */
export interface AudioOutput {
  /** Seconds; stands still until the first piece was asked for. */
  readonly time: number;
  /** Makes the output ready for sound of this rate; to be called from a key or a click. */
  start(sampleRate: number): Promise<void>;
  play(channels: readonly Float32Array[], sampleRate: number, when: number): Voice;
  close(): void;
}

/** What browsers make buffers and contexts of. */
const rates = { least: 3000, most: 384_000 };

/** Of the page's own; the context is opened by the first sound, since browsers want a gesture for it. */
export function speakers(): AudioOutput {
  let context: AudioContext | undefined;
  return {
    get time() {
      return context?.currentTime ?? 0;
    },
    start: async (sampleRate) => {
      // At the recording's own rate neighbouring pieces meet sample on sample: nothing is resampled between them.
      context ??= new AudioContext({
        sampleRate: Math.min(rates.most, Math.max(rates.least, sampleRate)),
      });
      await context.resume();
    },
    play: (channels, sampleRate, when) => {
      if (context === undefined) throw new Error('the output was not started');
      const frames = channels[0]?.length ?? 0;
      const heard = audible(channels);
      const buffer = context.createBuffer(heard.length, frames, Math.max(rates.least, sampleRate));
      heard.forEach((samples, i) => buffer.copyToChannel(Float32Array.from(samples), i));
      const node = new AudioBufferSourceNode(context, {
        buffer,
        playbackRate: sampleRate / buffer.sampleRate,
      });
      node.connect(context.destination);
      node.start(when);
      return { stop: () => node.stop() };
    },
    close: () => {
      void context?.close();
      context = undefined;
    },
  };
}

/** Browsers know where the speakers of one, two, four and six channels are; of others the mean is heard. */
function audible(channels: readonly Float32Array[]): readonly Float32Array[] {
  if ([1, 2, 4, 6].includes(channels.length)) return channels;
  const mono = new Float32Array(channels[0]?.length ?? 0);
  for (const channel of channels)
    for (let i = 0; i < mono.length; i++) mono[i] = (mono[i] ?? 0) + (channel[i] ?? 0) / channels.length;
  return [mono];
}
