/** A sound as it is spoken: pieces as wav files for whoever listens already, and all of it as one at the end. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { joinedPieces } from '../../ml/audio/audioData';
import { writeWav } from '../../ml/audio/wavWriter';

export interface SpokenPiece {
  readonly path: string;
  readonly seconds: number;
}

export interface SpokenFile {
  readonly audioPath: string;
  readonly seconds: number;
}

/** Into `outputPath` or a temporary file; its pieces go into `<its name>.pieces` beside it. */
export async function writeSpoken(
  pieces: AsyncIterable<Float32Array>,
  sampleRate: number,
  { outputPath, onPiece }: { outputPath?: string | undefined; onPiece?: (piece: SpokenPiece) => void },
): Promise<SpokenFile> {
  const audioPath =
    outputPath === undefined
      ? path.join(await mkdtemp(path.join(os.tmpdir(), 'goya-speech-')), 'speech.wav')
      : path.resolve(outputPath);
  await mkdir(path.dirname(audioPath), { recursive: true });
  const folder = `${audioPath.replace(/\.wav$/i, '')}.pieces`;
  if (onPiece !== undefined) await mkdir(folder, { recursive: true });
  const wav = (samples: Float32Array): Uint8Array => writeWav({ sampleRate, channels: [samples] });
  const spoken: Float32Array[] = [];
  for await (const piece of pieces) {
    if (onPiece !== undefined) {
      const file = path.join(folder, `${String(spoken.length).padStart(4, '0')}.wav`);
      await writeFile(file, wav(piece));
      onPiece({ path: file, seconds: piece.length / sampleRate });
    }
    spoken.push(piece);
  }
  const samples = joinedPieces(spoken);
  await writeFile(audioPath, wav(samples));
  return { audioPath, seconds: samples.length / sampleRate };
}
