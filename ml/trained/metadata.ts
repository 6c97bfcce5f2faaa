import * as z from 'zod';

/**
 * `goya.json`: what a trained model's folder says about its `model.json`, so that any program can feed it.
 * Classifiers answer one probability for each of `labels`, in that order.
 */

/** `[n]` rows become `[n, width]`: a numeric column one number, a categorical one a 1 among `values.length` places. */
export const tabularColumn = z.discriminatedUnion('kind', [
  z.object({
    name: z.string(),
    kind: z.literal('numeric'),
    /** The input is `(value - mean) / std`, with the training rows' figures. */
    mean: z.number(),
    std: z.number().positive(),
  }),
  z.object({ name: z.string(), kind: z.literal('categorical'), values: z.array(z.string()).min(1) }),
]);
export type TabularColumn = z.infer<typeof tabularColumn>;

export const tabularPreprocessing = z.object({
  kind: z.literal('tabular'),
  /** In the order of the model's inputs. */
  columns: z.array(tabularColumn).min(1),
  /** The column that was learnt: not an input. */
  labelColumn: z.string().optional(),
});
export type TabularPreprocessing = z.infer<typeof tabularPreprocessing>;

/**
 * A clip becomes `[frames, mels, 1]`: mono, resampled, fitted to `seconds`, log-mel, normalised per band.
 * `frames = floor(round(seconds * sampleRate) / hop) + 1` (centred frames, reflected ends, periodic Hann window,
 * power spectrum, Slaney filters, natural logarithm of at least `floor`).
 */
const audioFields = z.object({
  kind: z.literal('audio'),
  /** Hz. */
  sampleRate: z.number().int().min(1000).max(192_000),
  /** Length of the window the model sees. A shorter clip is centred in silence, of a longer one the loudest part is taken. */
  seconds: z.number().positive().max(60),
  nFft: z.number().int().min(16).max(16_384),
  hop: z.number().int().min(1).max(16_384),
  mels: z.number().int().min(4).max(512),
  /** Hz. */
  fMin: z.number().nonnegative(),
  fMax: z.number().positive(),
  /** Smallest mel energy before the logarithm. */
  floor: z.number().positive(),
  /** Peak the clip is scaled to first (0..1), so that loudness does not matter; 0: as recorded. */
  peak: z.number().min(0).max(1),
  /** One figure for each mel band, over the training clips. */
  mean: z.array(z.number()),
  std: z.array(z.number().positive()),
});
export const audioPreprocessing = audioFields
  .refine((a) => a.mean.length === a.mels && a.std.length === a.mels, 'mean and std need one figure a band')
  .refine((a) => a.fMin < a.fMax && a.fMax <= a.sampleRate / 2, 'fMax is beyond half the sampling rate');
export type AudioPreprocessing = z.infer<typeof audioPreprocessing>;

/** What `normalize` of `ml/text/normalize` is told, every choice spelled out. */
export const textNormalization = z.object({
  letters: z.boolean(),
  digits: z.enum(['persian', 'latin', 'keep']),
  diacritics: z.boolean(),
  halfSpace: z.enum(['keep', 'space', 'remove']),
  affixes: z.boolean(),
  punctuation: z.boolean(),
});

/** An n-gram's id is `1 + hash mod (buckets - 1)`, the hash FNV-1a over its UTF-16 units (32 bits). */
export const textNgrams = z.object({
  buckets: z.number().int().min(2).max(1_048_576),
  /** All n-grams of 1 to so many characters, of `^text$`. */
  longest: z.number().int().min(1).max(8),
  /** The same of `_text_` without its spaces and non-joiners. */
  joined: z.boolean(),
  /** Also those of 3 and 4 characters with one left open: `a*c`, `a*cd`, `ab*d`. */
  gaps: z.boolean(),
  count: z.number().int().min(1).max(8192),
});
export type TextNgrams = z.infer<typeof textNgrams>;

/**
 * A text becomes `[length]` ids: normalised, cut into the longest known tokens from left to right, cut off at
 * `length - 2` of them, between the ids of start and end, filled up with the padding's.
 */
export const textPreprocessing = z.object({
  kind: z.literal('text'),
  normalization: textNormalization,
  /** Latin letters become small ones. */
  lowerCase: z.boolean(),
  unit: z.enum(['character', 'subword']),
  /** The text of each id: 0 padding, 1 unknown, 2 start, 3 end (all of them empty), then one or more characters each. */
  tokens: z.array(z.string().max(64)).min(5).max(200_000),
  length: z.number().int().min(3).max(4096),
  /** After the `length` ids come those of `count` character n-grams, each once, 0 where there are fewer. */
  ngrams: textNgrams.optional(),
});
export type TextPreprocessing = z.infer<typeof textPreprocessing>;

/**
 * A word becomes `[length]` ids: 1 for the first letter of the alphabet, 0 for padding at the end. The model answers
 * `[upsampling · length, labels]` unnormalised CTC scores; the first label is the blank. Its layers are registered by
 * the `runtime.mjs` beside it.
 */
export const graphemePreprocessing = z.object({
  kind: z.literal('graphemes'),
  alphabet: z.array(z.string().min(1)).min(1),
  /** Characters taken out of words first. */
  ignored: z.string(),
  /** Frames for each letter. */
  upsampling: z.number().int().min(1).max(8),
});
export type GraphemePreprocessing = z.infer<typeof graphemePreprocessing>;

const speechDecoding = {
  /** What the labels are. */
  units: z.enum(['characters', 'phonemes']).default('characters'),
  /** Frames that are given for each frame of the answer. */
  fold: z.number().int().min(1).max(8),
  /** Whether a `prior.json` lies beside the model: what texts say, weighed in a search. */
  prior: z.boolean(),
  /** Whether `words.txt` lies there too: words that may be said, a line each, perhaps with a tab and how often. */
  words: z.boolean().default(false),
  decoding: z.object({
    width: z.number().int().min(1).max(100),
    weight: z.number().min(0).max(10),
    perCharacter: z.number().min(-10).max(10),
    /** Share of the words of a text that are thought to be in `words.txt`. */
    known: z.number().min(0).max(0.999).optional(),
  }),
};

/**
 * Speech becomes `[frames, mels]`: mono, resampled, scaled to a peak of 0.7, log-mel as in `SpeechFeatures`, each band less its
 * mean over the sound and divided by `deviation`. The model answers `[⌊frames / fold⌋, labels]` unnormalised CTC scores; the
 * first label is the blank, each of the others one character, or one phoneme by `units`. Its layers are registered by the `runtime.mjs` beside it.
 */
const speechFields = z.object({
  kind: z.literal('speech'),
  /** Hz. */
  sampleRate: z.number().int().min(4000).max(48_000),
  nFft: z.number().int().min(16).max(8192),
  hop: z.number().int().min(16).max(4096),
  mels: z.number().int().min(8).max(256),
  /** Hz. */
  fMin: z.number().nonnegative(),
  fMax: z.number().positive(),
  floor: z.number().positive(),
  /** One figure for each band. */
  deviation: z.array(z.number().positive()),
  ...speechDecoding,
});
export const speechPreprocessing = speechFields
  .refine((a) => a.deviation.length === a.mels, 'deviation needs one figure a band')
  .refine((a) => a.fMin < a.fMax && a.fMax <= a.sampleRate / 2, 'fMax is beyond half the sampling rate');
export type SpeechPreprocessing = z.infer<typeof speechPreprocessing>;

/**
 * Speech as a downloaded model hears it becomes `[frames, width]`: what its encoder's last layer makes of each frame, each number
 * less its mean over the sound and divided by `deviation`. The rest is as with `speech`.
 */
export const encodedSpeechPreprocessing = z
  .object({
    kind: z.literal('encodedSpeech'),
    encoder: z.object({
      /** Of the model's folder from this one, with forward slashes. */
      path: z.string().min(1),
      family: z.enum(['wav2vec2', 'whisper']),
      /** SHA-256 (hex) over its config.json and the names and sizes of its weights: another model hears otherwise. */
      fingerprint: z.string(),
    }),
    /** Hz. */
    sampleRate: z.number().int().min(4000).max(48_000),
    width: z.number().int().min(1).max(65_536),
    /** One figure for each number of a frame. */
    deviation: z.array(z.number().positive()),
    ...speechDecoding,
  })
  .refine((a) => a.deviation.length === a.width, 'deviation needs one figure for each number of a frame');
export type EncodedSpeechPreprocessing = z.infer<typeof encodedSpeechPreprocessing>;

/**
 * A text becomes symbols (`ml/voice/reading.ts`): the ends, words' phonemes or letters, gaps and pauses; symbol i of `labels`
 * has the id i + 1. The model holds two networks. From ids it answers what is known of each sound, `[sounds, width]`, and the
 * logarithm of its length in frames; from that, laid out frame by frame with `ml/voice/frames.ts`, log-mel magnitudes less
 * `mean`, divided by `deviation`, `[frames, mels]` (centred frames, periodic Hann window, Slaney filters).
 */
const voiceFields = z.object({
  kind: z.literal('voice'),
  reading: z.object({ kind: z.enum(['phonemes', 'characters']), persian: z.boolean() }),
  /** Whether `lexicon.tsv` lies beside the model: words with their phonemes, asked first. */
  lexicon: z.boolean(),
  /** Whether a trained `grapheme-to-phoneme` model lies in `pronouncer/`, for other words. */
  pronouncer: z.boolean(),
  /** Hz. */
  sampleRate: z.number().int().min(4000).max(48_000),
  nFft: z.number().int().min(64).max(8192),
  hop: z.number().int().min(16).max(4096),
  mels: z.number().int().min(8).max(256),
  /** Hz. */
  fMin: z.number().nonnegative(),
  fMax: z.number().positive(),
  floor: z.number().positive(),
  /** One figure for each band. */
  mean: z.array(z.number()),
  deviation: z.array(z.number().positive()),
  /** What all lengths are multiplied by, so that utterances last as long as the recordings do. */
  pace: z.number().min(0.1).max(10),
  /**
   * True: a HiFi-GAN lies in `vocoder/` and makes the waveform, of these spectra with logarithms to the base 10. Absent: Griffin
   * and Lim's way does.
   */
  vocoder: z.boolean().optional(),
});
export const voicePreprocessing = voiceFields
  .refine(
    (a) => a.mean.length === a.mels && a.deviation.length === a.mels,
    'mean and deviation need one figure a band',
  )
  .refine((a) => a.fMin < a.fMax && a.fMax <= a.sampleRate / 2, 'fMax is beyond half the sampling rate');
export type VoicePreprocessing = z.infer<typeof voicePreprocessing>;

export const preprocessing = z.discriminatedUnion('kind', [
  tabularPreprocessing,
  audioPreprocessing,
  textPreprocessing,
  graphemePreprocessing,
  speechPreprocessing,
  encodedSpeechPreprocessing,
  voicePreprocessing,
]);
export type Preprocessing = z.infer<typeof preprocessing>;

export const trainedMetadata = z.object({
  formatVersion: z.literal(1),
  /** Id of the training task that made it, e.g. `audio-classification`. */
  task: z.string().min(1),
  name: z.string().min(1),
  labels: z.array(z.string()).min(1),
  /** Of rows of a table: whether the model's numbers are probabilities of `labels` (absent: they are), or amounts so named. */
  answers: z.enum(['probabilities', 'values']).optional(),
  preprocessing,
  /** Final metrics of the weights beside this file, under Keras's names. */
  metrics: z.record(z.string(), z.number()),
  /** Validation counts, `confusion[true][predicted]`, in the order of `labels`. */
  confusion: z.array(z.array(z.number().int().nonnegative())).optional(),
  /** What trained it. */
  engine: z.object({ name: z.string(), version: z.string().optional() }),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  /** SHA-256 (hex) of the canonical config. */
  configHash: z.string(),
  seed: z.number().int().optional(),
  /** SHA-256 (hex) over the training data. */
  dataHash: z.string().optional(),
});
export type TrainedMetadata = z.infer<typeof trainedMetadata>;

/** Name of the file beside `model.json`. */
export const metadataFile = 'goya.json';
/** What a recogniser knows of spelling, beside its `model.json`. */
export const priorName = 'prior.json';
export const wordsName = 'words.txt';
/** What a voice asks first how words are said, and the folder of the model that it asks then. */
export const lexiconName = 'lexicon.tsv';
export const pronouncerFolder = 'pronouncer';
