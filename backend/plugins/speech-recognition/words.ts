/** What this task says, in Persian too. */
import { sayIn, type Persian } from '../../sdk/say';

export const persian: Persian = {
  'The file has no sentences in it.': 'در پرونده جمله‌ای نیست.',
  'There are {0} seconds of speech. A recogniser needs an hour and more to write words that it has not heard.':
    '{0} ثانیه گفتار هست. بازشناس برای نوشتن واژه‌هایی که نشنیده است یک ساعت و بیشتر می‌خواهد.',
  '{0} is no folder of a Wav2Vec2 or Whisper with its config.json and weights. Download one, and name its folder.':
    '{0} پوشهٔ یک Wav2Vec2 یا Whisper با config.json و وزن‌هایش نیست. یکی را دریافت کنید و پوشه‌اش را نام ببرید.',
  '{0} heads do not divide {1} channels.': '{0} سر، {1} کانال را بخش نمی‌کند.',
};

export const say = sayIn(persian);
