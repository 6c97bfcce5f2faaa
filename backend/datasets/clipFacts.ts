/** What there is to know of one recording: read once from end to end, in blocks. */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { SoundMeter, type SampleBlock, type SoundLevels } from '../../ml/audio/soundMeter';
import { soundInfo, type SoundInfo } from '../../ml/audio/soundInfo';
import { decodeStream, soundKind } from '../../ml/audio/decode/decodeSound';
import { compressedInfo } from '../../ml/audio/decode/soundInfo';
import { isCompressed } from '../../ml/audio/decode/sniff';
import { decodeFrames, wavInfoFrom, type RandomReader } from '../../ml/audio/wav';
import type { WavInfo } from '../../ml/audio/wavFormat';
import { faultOf, inMemory } from '../sdk/audioFiles';
import type { ClipMemory } from './clipCache';

export interface ClipFacts extends SoundInfo, Partial<SoundLevels> {
  /** Of the sound, not of what is written about it in the file. */
  readonly hash: string;
}

export type ClipOutcome =
  | { readonly facts: ClipFacts; readonly bytes: number; readonly fault?: undefined }
  | {
      readonly facts?: undefined;
      readonly bytes: number;
      readonly fault: string;
      readonly missing: boolean;
    };

const blockBytes = 2 << 20;

/** How many compressed recordings are still decoded: each takes ten times what a wav does. */
export class Decodings {
  constructor(private left = 2500) {}

  take(): boolean {
    return this.left-- > 0;
  }

  get areLeft(): boolean {
    return this.left > 0;
  }
}

/** Never rejects but for an abort: a fault is an answer. A file that has not changed is not read again. */
export async function clipOutcome(
  file: string,
  memory: ClipMemory,
  decodings: Decodings,
  signal: AbortSignal,
): Promise<ClipOutcome> {
  let handle: FileHandle | undefined;
  let bytes = 0;
  try {
    handle = await open(file, 'r');
    const { size, mtimeMs } = await handle.stat();
    bytes = size;
    const known = memory.get(file, size, mtimeMs);
    if (known !== undefined && !(isUnheard(known) && decodings.areLeft)) return known;
    const outcome: ClipOutcome = await facts(handle, size, decodings, signal).then(
      (found) => ({ facts: found, bytes: size }),
      (error: unknown) => {
        signal.throwIfAborted();
        return { fault: faultOf(error), missing: false, bytes: size };
      },
    );
    memory.set(file, size, mtimeMs, outcome);
    return outcome;
  } catch (error) {
    signal.throwIfAborted();
    return { fault: faultOf(error), missing: (error as NodeJS.ErrnoException).code === 'ENOENT', bytes };
  } finally {
    await handle?.close();
  }
}

/** The same of a recording in memory, as Parquet files hold them. */
export async function clipOutcomeOf(
  content: Uint8Array,
  decodings: Decodings,
  signal: AbortSignal,
): Promise<ClipOutcome> {
  const bytes = content.byteLength;
  try {
    return { facts: await factsFrom(inMemory(content), decodings, signal), bytes };
  } catch (error) {
    signal.throwIfAborted();
    return { fault: faultOf(error), missing: false, bytes };
  }
}

/** Its length is known and nothing of its sound. */
function isUnheard({ facts }: ClipOutcome): boolean {
  return facts !== undefined && facts.peak === undefined;
}

async function facts(
  handle: FileHandle,
  size: number,
  decodings: Decodings,
  signal: AbortSignal,
): Promise<ClipFacts> {
  const slice = async (offset: number, length: number): Promise<Uint8Array> => {
    const buffer = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
    return buffer.subarray(0, bytesRead);
  };
  // Most clips are smaller than a block: one read takes in header and sound.
  const head = await slice(0, blockBytes);
  return factsFrom(
    {
      size,
      read: (offset, length) =>
        offset + length <= head.length || head.length === size
          ? Promise.resolve(head.subarray(offset, offset + length))
          : slice(offset, length),
    },
    decodings,
    signal,
  );
}

async function factsFrom(
  reader: RandomReader,
  decodings: Decodings,
  signal: AbortSignal,
): Promise<ClipFacts> {
  const info = await soundInfo(reader);
  const hash = createHash('sha1');
  if (info.kind !== 'wav') {
    for (let at = 0; at < reader.size; at += blockBytes) {
      signal.throwIfAborted();
      hash.update(await reader.read(at, blockBytes));
    }
    const levels = decodings.take() ? await decodedLevels(reader, signal) : {};
    return { ...info, ...levels, hash: hash.digest('base64') };
  }
  const wav = await wavInfoFrom(reader);
  const meter = new SoundMeter(wav.sampleRate, wav.channels);
  const frameBytes = wav.sampleBytes * wav.channels;
  const step = Math.max(1, Math.floor(blockBytes / frameBytes)) * frameBytes;
  const end = wav.dataOffset + wav.frames * frameBytes;
  for (let at = wav.dataOffset; at < end; at += step) {
    signal.throwIfAborted();
    const block = await reader.read(at, Math.min(step, end - at));
    hash.update(block);
    meter.add(samplesOf(wav, block));
  }
  return { ...info, ...meter.levels(), hash: hash.digest('base64') };
}

async function decodedLevels(reader: RandomReader, signal: AbortSignal): Promise<Partial<SoundLevels>> {
  const kind = await soundKind(reader);
  if (!isCompressed(kind)) return {};
  const info = await compressedInfo(reader, kind);
  const meter = new SoundMeter(info.sampleRate, info.channels);
  for await (const { channels } of decodeStream(reader, info)) {
    signal.throwIfAborted();
    meter.add(channels.map((samples) => ({ samples, scale: 1, step: 1 })));
  }
  return meter.levels();
}

/** 16-bit samples, which most recordings have, are looked at where they lie. */
function samplesOf(wav: WavInfo, block: Uint8Array): SampleBlock[] {
  if (wav.encoding !== 'pcm' || wav.sampleBytes !== 2) {
    return decodeFrames(wav, block).map((samples) => ({ samples, scale: 1, step: 1 }));
  }
  const aligned = block.byteOffset % 2 === 0 ? block : block.slice();
  const all = new Int16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 1);
  return Array.from({ length: wav.channels }, (_, channel) => ({
    samples: all.subarray(channel),
    scale: 32_768,
    step: wav.channels,
  }));
}
