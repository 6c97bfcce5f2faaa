/**
 * The ten words and the voices that say them. No voice of the sample set speaks in the fresh set, which measures how a
 * trained model does with speakers, speeds and noise it has not heard.
 *
 * Folder names are the words themselves, since a folder's name is the label a person sees. That is safe on every
 * system: no letter of these has a decomposed form (as آ has), none holds a half-space, all are valid in file names.
 */
export const words = ['بله', 'خیر', 'برو', 'بایست', 'چپ', 'راست', 'بالا', 'پایین', 'روشن', 'خاموش'];

/** Variants of espeak-ng's Persian voice; speeds in words a minute, pitches 0..99, noise as signal/noise in dB. */
export const sets = {
  sample: {
    variants:
      ' m1 m3 m4 m6 m7 f1 f2 f4 klatt2 Alex linda Alicia belinda caleb david Gene grandma Hugo john Marco pablo victor zac'.split(
        ' ',
      ),
    speed: [115, 210],
    pitch: [15, 85],
    noise: [18, 45],
  },
  fresh: {
    variants: 'm2 m5 m8 f3 f5 Andy Diogo Annie steph Mike'.split(' '),
    speed: [100, 230],
    pitch: [10, 90],
    noise: [10, 40],
  },
};
