/** What a voice drew of a sample sentence: its spectrum beside that of the recording, and which frames it takes for which sound. */
import * as z from 'zod';

/** A byte for each cell, row by row from the first. */
export const levelPicture = z.object({
  columns: z.number().int().positive(),
  rows: z.number().int().positive(),
  /** Base64 of `columns · rows` bytes. */
  levels: z.string(),
});
export type LevelPicture = z.infer<typeof levelPicture>;

export const samplePictures = z.object({
  /** That a column, which is a frame, stands for. */
  secondsPerColumn: z.number().positive(),
  /** Hz of the highest row of the spectra. */
  topHertz: z.number().positive(),
  /** Log-mel spectra with the lowest band first; both by the same range of levels, 255 is the loudest. */
  recorded: levelPicture,
  spoken: levelPicture,
  /** Of the recording: a row for each sound, a column for each frame. */
  alignment: z.object({
    symbols: z.array(z.string()),
    /** Frames of each sound by the best monotonic alignment. */
    frames: z.array(z.number().int().nonnegative()),
    /** How likely each frame is each sound, alone and without their order: 255 is certain. */
    likelihood: levelPicture,
  }),
});
export type SamplePictures = z.infer<typeof samplePictures>;
