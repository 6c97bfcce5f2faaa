/** The decoders, in WebAssembly and the same in Node and the browser. Each is loaded when a file of its kind comes. */
import type { OggPage, OpusHeader } from 'codec-parser';
import type { AudioData } from '../audioData';
import type { CompressedInfo } from './soundInfo';
import type { CompressedKind } from './sniff';

export interface StreamDecoder {
  /** Takes the next bytes of the file; answers what they complete, which may be nothing. */
  decode(bytes: Uint8Array): Promise<AudioData>;
  /** What is left when no more bytes come. */
  flush(): Promise<AudioData>;
  free(): void;
}

interface Decoded {
  readonly channelData: Float32Array[];
  readonly sampleRate: number;
}

export async function streamDecoder(info: CompressedInfo): Promise<StreamDecoder> {
  return loaders[info.kind](info);
}

const loaders: Record<CompressedKind, (info: CompressedInfo) => Promise<StreamDecoder>> = {
  mp3: async (info) => {
    const { MPEGDecoder } = await import('mpg123-decoder');
    const decoder = new MPEGDecoder();
    await decoder.ready;
    return {
      decode: (bytes) => Promise.resolve(audioOf(info, decoder.decode(bytes))),
      flush: () => Promise.resolve(none(info)),
      free: () => decoder.free(),
    };
  },
  flac,
  oggFlac: flac,
  vorbis: async (info) => {
    const { OggVorbisDecoder } = await import('@wasm-audio-decoders/ogg-vorbis');
    return wrap(info, new OggVorbisDecoder());
  },
  opus,
};

async function flac(info: CompressedInfo): Promise<StreamDecoder> {
  const { FLACDecoder } = await import('@wasm-audio-decoders/flac');
  const decoder = await wrap(info, new FLACDecoder());
  // It takes the highest positive number for full scale; elsewhere, and in our wav reader, the lowest negative is 1.
  const full = 2 ** (info.bits - 1);
  const scale = ({ sampleRate, channels }: AudioData): AudioData => ({
    sampleRate,
    channels: channels.map((samples) => samples.map((value) => (value * (full - 1)) / full)),
  });
  return {
    decode: async (bytes) => scale(await decoder.decode(bytes)),
    flush: async () => scale(await decoder.flush()),
    free: () => decoder.free(),
  };
}

interface Streaming {
  readonly ready: Promise<void>;
  decode(bytes: Uint8Array): Promise<Decoded>;
  flush(): Promise<Decoded>;
  free(): void;
}

async function wrap(info: CompressedInfo, decoder: Streaming): Promise<StreamDecoder> {
  await decoder.ready;
  return {
    decode: async (bytes) => audioOf(info, await decoder.decode(bytes)),
    flush: async () => audioOf(info, await decoder.flush()),
    free: () => decoder.free(),
  };
}

/** Opus in Ogg (RFC 7845): packets from the pages, and no more samples than the last page's position says. */
async function opus(info: CompressedInfo): Promise<StreamDecoder> {
  const [{ default: CodecParser }, { OpusDecoder }] = await Promise.all([
    import('codec-parser'),
    import('opus-decoder'),
  ]);
  const parser = new CodecParser<OggPage>('application/ogg', { enableFrameCRC32: false });
  let decoder: InstanceType<typeof OpusDecoder> | undefined;
  let given = 0;
  const take = async (pages: Iterator<OggPage>): Promise<AudioData> => {
    const frames = [...{ [Symbol.iterator]: () => pages }].flatMap(({ codecFrames }) => codecFrames);
    const [first] = frames;
    if (first === undefined) return none(info);
    if (decoder === undefined) {
      const { channels, preSkip, streamCount, coupledStreamCount, channelMappingTable } =
        first.header as OpusHeader;
      decoder = new OpusDecoder({ channels, preSkip, streamCount, coupledStreamCount, channelMappingTable });
      await decoder.ready;
    }
    const decoded = audioOf(info, decoder.decodeFrames(frames.map(({ data }) => data)));
    const left = Math.max(0, (info.frames ?? Infinity) - given);
    given += decoded.channels[0]?.length ?? 0;
    return { ...decoded, channels: decoded.channels.map((samples) => samples.subarray(0, left)) };
  };
  return {
    decode: (bytes) => take(parser.parseChunk(bytes)),
    flush: () => take(parser.flush()),
    free: () => decoder?.free(),
  };
}

function none({ sampleRate, channels }: CompressedInfo): AudioData {
  return { sampleRate, channels: Array.from({ length: channels }, () => new Float32Array(0)) };
}

/** The mp3 decoder always gives two channels; what it has nothing for yet, it gives none of. */
function audioOf(info: CompressedInfo, { channelData }: Decoded): AudioData {
  if (channelData.length < info.channels) return none(info);
  return { sampleRate: info.sampleRate, channels: channelData.slice(0, info.channels) };
}
