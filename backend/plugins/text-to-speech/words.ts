/** What this task says, in Persian too. */
import { sayIn, type Persian } from '../../sdk/say';

export const persian: Persian = {
  '{0} is silent.': '{0} خاموش است.',
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
};

export const say = sayIn(persian);
