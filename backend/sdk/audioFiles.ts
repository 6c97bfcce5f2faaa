/** Sound files on disk: their headers, quickly and remembered, and their samples. */
import { open, readFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { AudioData } from '../../ml/audio/audioData';
import { readSound } from '../../ml/audio/decode/decodeSound';
import { soundInfo, type SoundInfo } from '../../ml/audio/soundInfo';
import { readWav, wavInfoFrom, type RandomReader } from '../../ml/audio/wav';
import { MlError } from '../../ml/errors';
import { say } from '../language/say';

/** Either the format of a readable file, or in a sentence what is wrong with it. */
export type SoundHeader =
  | { readonly info: SoundInfo; readonly fault?: undefined; readonly missing?: undefined }
  | { readonly info?: undefined; readonly fault: string; readonly missing: boolean };

/** What `readAudioFile` decodes, by the name alone; what a file holds is told from its first bytes. */
const decodedExtensions = ['.wav', '.mp3', '.flac', '.ogg', '.oga', '.opus'];
/** What people keep sound in. */
const audioExtensions = [...decodedExtensions, '.m4a', '.aac', '.wma', '.webm', '.aif', '.aiff'];

export function isDecoded(file: string): boolean {
  return decodedExtensions.includes(path.extname(file).toLowerCase());
}

export function isAudio(file: string): boolean {
  return audioExtensions.includes(path.extname(file).toLowerCase());
}

/** Open files at once: well under the limits of every system. */
export const openFiles = 16;
const headBytes = 4096;
/** Bytes of a float file that is read to its end when it is first looked at. */
const readWhole = 4 << 20;
const rememberedFiles = 100_000;
/** Inspection runs as a config is typed: a file that has not changed is not opened twice. */
const remembered = new Map<string, { readonly version: string; readonly header: SoundHeader }>();

/** What keeps a file from being read, as a sentence. */
export function faultOf(error: unknown): string {
  if (error instanceof MlError) return error.message;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return say`The file does not exist.`;
  if (code === 'EACCES' || code === 'EPERM') return say`The file may not be read: its permissions forbid it.`;
  if (code === 'EISDIR') return say`This is a folder, not a file.`;
  return say`The file cannot be read (${code ?? String(error)}).`;
}

async function slice(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length);
  const { bytesRead } = await handle.read(buffer, 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

/** The open file in slices; its first bytes are read once. */
export async function soundSource(handle: FileHandle, size: number): Promise<RandomReader> {
  const head = await slice(handle, 0, Math.min(size, headBytes));
  return {
    size,
    read: (offset, length) =>
      offset + length <= head.length
        ? Promise.resolve(head.subarray(offset, offset + length))
        : slice(handle, offset, Math.min(length, Math.max(0, size - offset))),
  };
}

async function parseHeader(handle: FileHandle, size: number): Promise<SoundHeader> {
  try {
    const source = await soundSource(handle, size);
    const info = await soundInfo(source);
    // Only floats can be no numbers at all, which no header tells.
    const floats = info.kind === 'wav' && (await wavInfoFrom(source)).encoding === 'float';
    if (floats && size <= readWhole) readWav(await slice(handle, 0, size));
    return { info };
  } catch (error) {
    return { fault: faultOf(error), missing: false };
  }
}

/** Format and length of sound in any format that is known, from its headers alone. Never throws: a fault is an answer. */
export async function readSoundHeader(file: string): Promise<SoundHeader> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const { size, mtimeMs, ino } = await handle.stat();
    const version = `${size} ${mtimeMs} ${ino}`;
    const known = remembered.get(file);
    if (known?.version === version) return known.header;
    const header = await parseHeader(handle, size);
    if (remembered.size >= rememberedFiles) remembered.clear();
    remembered.set(file, { version, header });
    return header;
  } catch (error) {
    return { fault: faultOf(error), missing: (error as NodeJS.ErrnoException).code === 'ENOENT' };
  } finally {
    await handle?.close();
  }
}

/**
 * The decoded file: wav, mp3, flac, ogg (Opus, Vorbis, FLAC). Throws an error whose message names the file and what is
 * wrong with it.
 */
export async function readAudioFile(file: string): Promise<AudioData> {
  try {
    return await readSound(inMemory(await readFile(file)));
  } catch (error) {
    throw new Error(`${file}: ${faultOf(error)}`, { cause: error });
  }
}

export function inMemory(bytes: Uint8Array): RandomReader {
  return {
    size: bytes.byteLength,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}
