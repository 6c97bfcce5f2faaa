import { sayIn, type Persian } from '../../sdk/say';

/** What is said of ONNX models that cannot be run as they are. */
export const persian: Persian = {
  'The voice {0} cannot be spoken with: {1}.': 'با صدای {0} نمی‌توان سخن گفت: {1}.',
  'its description {0} is not that of a Piper voice': 'شرح آن، {0}، شرح یک صدای Piper نیست',
  'its phonemes are of the kind “{0}”, and only those of espeak-ng are known here':
    'واج‌هایش از گونهٔ «{0}» است و اینجا تنها واج‌های espeak-ng شناخته می‌شود',
  'its description names no voice of espeak-ng': 'شرح آن صدایی از espeak-ng نام نمی‌برد',
  'its phonemes lack {0}': 'واج‌هایش {0} را ندارد',
  'its phoneme {0} has a number beyond its {1} symbols': 'شمارهٔ واج {0} از {1} نماد آن فراتر است',
  'A Matcha voice needs a vocoder beside it: vocos-22khz-univ.onnx, from the releases "vocoder-models" of k2-fsa/sherpa-onnx.':
    'یک صدای Matcha به یک واکودر در کنارش نیاز دارد: vocos-22khz-univ.onnx، از انتشارهای «vocoder-models» در k2-fsa/sherpa-onnx.',
  'The file {0} with its tokens is missing.': 'پروندهٔ {0} که توکن‌هایش را دارد نیست.',
  'The part {0} of the recogniser is missing.': 'بخش {0} از این بازشناس نیست.',
  'The model is of the kind {0}, which is not run here.': 'این مدل از گونهٔ {0} است که اینجا اجرا نمی‌شود.',
};

export const say = sayIn(persian);
