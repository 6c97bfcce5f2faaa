/** What this task says, in Persian too. */
import { sayIn, type Persian } from '../../sdk/say';

export const persian: Persian = {
  '{0} and {1} more': '{0} و {1} تای دیگر',
  '{0} has no label folders. Make one folder for each label and put its clips there.':
    '{0} پوشه‌ای برای برچسب‌ها ندارد. برای هر برچسب یک پوشه بسازید و تکه‌های صدایش را در آن بگذارید.',
  'The folder "{0}" has no recording in it. Fill it, or remove it.':
    'در پوشهٔ «{0}» هیچ صدایی نیست. آن را پر کنید یا بردارید.',
  'These cannot be decoded, so they are left out: {0}. Convert them to wav, flac, mp3 or ogg.':
    'این‌ها رمزگشایی نمی‌شوند، پس کنار گذاشته شدند: {0}. آن‌ها را به wav، flac، mp3 یا ogg تبدیل کنید.',
  "Not in any label's folder, so left out: {0}.": 'در پوشهٔ هیچ برچسبی نیست، پس کنار گذاشته شد: {0}.',
  '{0} lists no clips.': '{0} هیچ تکه‌صدایی نام نمی‌برد.',
  'Line {0}: {1}': 'خط {0}: {1}',
  '{0} more lines of the table have such faults.': '{0} خط دیگر جدول نیز چنین ایرادی دارد.',
  '{0}: {1}': '{0}: {1}',
  '{0} (line {1}): {2}': '{0} (خط {1}): {2}',
  '{0} does not exist.': '{0} وجود ندارد.',
  '{0} cannot be read ({1}).': '{0} خوانده نمی‌شود ({1}).',
  'All clips have the label "{0}". A classifier needs at least two labels.':
    'همهٔ تکه‌ها برچسب «{0}» دارند. دسته‌بند دست‌کم دو برچسب می‌خواهد.',
  'Every label has one clip only, so none can be held out to measure by. Add clips.':
    'هر برچسب تنها یک تکه دارد، پس تکه‌ای برای سنجش کنار گذاشته نمی‌شود. تکه‌های بیشتری بیفزایید.',
  'Fewer than 5 clips: {0}. More clips make a better model.':
    'کمتر از ۵ تکه: {0}. با تکه‌های بیشتر مدل بهتر می‌شود.',
  'Line {0}: {1}: {2}': 'خط {0}: {1}: {2}',
  '{0} more files cannot be read.': '{0} پروندهٔ دیگر نیز خوانده نمی‌شود.',
  '{0} at {1} Hz': '{0} تا با {1} هرتز',
  'The clips have different sampling rates ({0}); all become {1} Hz.':
    'نرخ نمونه‌برداری تکه‌ها یکی نیست ({0})؛ همه {1} هرتز می‌شوند.',
  'The upper bands of such clips are empty: a model may learn that instead of the sound.':
    'نوارهای بالای این تکه‌ها خالی است: شاید مدل به‌جای صدا همین را یاد بگیرد.',
  'Some clips have {0} Hz only.': 'برخی تکه‌ها تنها {0} هرتز دارند.',
  'Only the loudest part of each is used; raise "seconds" if that is not enough.':
    'از هرکدام تنها بلندترین بخش به کار می‌رود؛ اگر کافی نیست «seconds» را بیشتر کنید.',
  '{0} of {1} clips are longer than 1.5 × {2} s.': '{0} تا از {1} تکه بلندتر از ۱٫۵ × {2} ثانیه‌اند.',
};

export const say = sayIn(persian);
