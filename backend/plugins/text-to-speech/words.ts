/** What this task says, in Persian too. */
import { sayIn, type Persian } from '../../sdk/say';

export const persian: Persian = {
  "There are {0} speakers in the data; a voice is one speaker's. Choose one: {1}.":
    'در داده {0} گوینده هست؛ صدا از آنِ یک گوینده است. یکی را برگزینید: {1}.',
  'There are {0} seconds of speech. A voice that can be understood needs some ten minutes, one that sounds like a person an hour and more.':
    '{0} ثانیه گفتار هست. صدایی که فهمیده شود حدود ده دقیقه می‌خواهد و صدایی که مانند آدم باشد یک ساعت و بیشتر.',
  'The recordings have {0} Hz, less than model.sampleRate ({1}).':
    'ضبط‌ها {0} هرتز دارند؛ کمتر از model.sampleRate ({1}).',
  'Some recordings have {0} Hz, less than model.sampleRate ({1}): the voice learns their dull sound too. {2}.':
    'برخی ضبط‌ها {0} هرتز دارند؛ کمتر از model.sampleRate ({1}): صدا، گنگی آن‌ها را هم می‌آموزد. {2}.',
  'The texts are not Persian, and Goya pronounces Persian only. Name a lexicon or a pronouncer, or read characters.':
    'متن‌ها فارسی نیست و گویا تنها فارسی را تلفظ می‌کند. واژه‌نامه یا مدل تلفظی نام ببرید، یا نویسه‌ها را بخوانید.',
  "The voice to go on from has other sizes than this config's model; make them alike.":
    'اندازه‌های صدایی که باید از آن ادامه داد با مدل این پیکربندی یکی نیست؛ آن‌ها را یکی کنید.',
  '{0} is no folder of a model that was trained as {1}.': '{0} پوشهٔ مدلی نیست که با {1} آموزش دیده باشد.',
  'The lexicon lacks {0} words of the texts, which the voice will leave out: {1}.':
    'واژه‌نامه {0} واژهٔ متن‌ها را ندارد و صدا آن‌ها را نمی‌گوید: {1}.',
  'Of the recordings none is left that is not silent, can be pronounced, and is as long as its text needs.':
    'ضبطی نماند که خاموش نباشد، بتوان آن را تلفظ کرد و به درازای متنش باشد.',
  '{0} is no folder of a HiFi-GAN with its config.json ("model_type": "hifigan") and weights. Download one, for example microsoft/speecht5_hifigan, and name its folder.':
    '{0} پوشهٔ یک HiFi-GAN با config.json ("model_type": "hifigan") و وزن‌هایش نیست. یکی را بارگیری کنید، برای نمونه microsoft/speecht5_hifigan، و پوشه‌اش را نام ببرید.',
  'Spectra for the HiFi-GAN in {0} cannot be made here: {1}':
    'طیف‌هایی که HiFi-GAN در {0} می‌خواهد اینجا ساخته نمی‌شود: {1}',
  'it speaks at {0} Hz; 4000 to 48000 are possible.': 'با {0} هرتز سخن می‌گوید؛ ۴۰۰۰ تا ۴۸۰۰۰ شدنی است.',
  'it takes {0} bands; 8 to 256 are possible.': '{0} باند می‌گیرد؛ ۸ تا ۲۵۶ شدنی است.',
  'its frames are {0} samples apart; 16 to 4096 are possible.':
    'فریم‌هایش {0} نمونه از هم فاصله دارند؛ ۱۶ تا ۴۰۹۶ شدنی است.',
  'its window would have {0} samples, which is no power of two from 64 to 8192. A preprocessor_config.json beside it may tell another one (win_length).':
    'پنجره‌اش {0} نمونه می‌شود که توانی از دو میان ۶۴ و ۸۱۹۲ نیست. preprocessor_config.json در کنارش می‌تواند پنجرهٔ دیگری بگوید (win_length).',
  'its window is a {0}; hann_window alone is known.': 'پنجره‌اش {0} است؛ تنها hann_window شناخته می‌شود.',
  'its highest band ends at {0} Hz, beyond half its sampling rate or below its lowest one.':
    'بالاترین باندش در {0} هرتز پایان می‌یابد؛ بالاتر از نیمِ نرخ نمونه‌برداری یا پایین‌تر از پایین‌ترین باند.',
  'config.json and preprocessor_config.json do not agree on {0}.':
    'config.json و preprocessor_config.json دربارهٔ {0} یکی نیستند.',
  'The vocoder takes {0}, and that is what is used.': 'ووکودر {0} می‌گیرد و همان به کار می‌رود.',
  'The HiFi-GAN in {0} cannot be read: {1}': 'HiFi-GAN در {0} خوانده نمی‌شود: {1}',
};

export const say = sayIn(persian);
