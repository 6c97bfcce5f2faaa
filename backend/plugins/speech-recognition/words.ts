/** What this task says, in Persian too. */
import { sayIn, type Persian } from '../../sdk/say';

export const persian: Persian = {
  'The file has no sentences in it.': 'در پرونده جمله‌ای نیست.',
  'There are {0} seconds of speech. A recogniser needs an hour and more to write words that it has not heard.':
    '{0} ثانیه گفتار هست. بازشناس برای نوشتن واژه‌هایی که نشنیده است یک ساعت و بیشتر می‌خواهد.',
  '{0} is no folder of a Wav2Vec2 or Whisper with its config.json and weights. Download one, and name its folder.':
    '{0} پوشهٔ یک Wav2Vec2 یا Whisper با config.json و وزن‌هایش نیست. یکی را دریافت کنید و پوشه‌اش را نام ببرید.',
  '{0} is no folder of a model that was trained as grapheme-to-phoneme.':
    '{0} پوشهٔ مدلی نیست که با grapheme-to-phoneme آموزش دیده باشد.',
  'The texts are not Persian, and Goya pronounces Persian only. Name a lexicon or a pronouncer, or write characters.':
    'متن‌ها فارسی نیستند و گویا فقط فارسی را تلفظ می‌کند. واژه‌نامه یا مدل تلفظی را نام ببرید، یا نویسه‌ها را بنویسید.',
  'No recording is left whose words can all be pronounced. Name a lexicon that has them.':
    'ضبطی نمانده است که همهٔ واژه‌هایش را بتوان تلفظ کرد. واژه‌نامه‌ای را نام ببرید که آن‌ها را دارد.',
  'A word list needs the prior of spelling: characters, and model.prior.order above 0.':
    'فهرست واژه دانش املا را لازم دارد: نویسه‌ها، و model.prior.order بیش از ۰.',
  'The word list has {0} MB, more than {1}.': 'فهرست واژه {0} مگابایت است، بیش از {1}.',
  'The word list has no words in it.': 'در فهرست واژه، واژه‌ای نیست.',
  '{0} heads do not divide {1} channels.': '{0} سر، {1} کانال را بخش نمی‌کند.',
};

export const say = sayIn(persian);
