import type { Persian } from '../say';

/** What is found in a data set, and why one cannot be read. */
export const datasets: Persian = {
  '{0} does not exist. Check the path and its permissions.':
    '{0} وجود ندارد. مسیر و دسترسی‌هایش را بررسی کنید.',
  '{0} cannot be opened ({1}). Check the path and its permissions.':
    '{0} باز نمی‌شود ({1}). مسیر و دسترسی‌هایش را بررسی کنید.',
  '{0} cannot be read ({1}). Check its permissions.': '{0} خوانده نمی‌شود ({1}). دسترسی‌هایش را بررسی کنید.',
  'A path may not contain a NUL character.': 'مسیر نمی‌تواند نویسهٔ NUL داشته باشد.',
  '{0} is relative and no workspace is open; give the whole path.':
    '{0} مسیری نسبی است و فضای کاری باز نیست؛ مسیر کامل را بدهید.',
  'The inspection of {0} was cancelled.': 'بررسی {0} لغو شد.',
  'Goya is closing.': 'گویا در حال بسته شدن است.',
  'The data set does not fit into memory. Split its table into several.':
    'این مجموعه‌داده در حافظه جا نمی‌شود. جدولش را به چند جدول بخش کنید.',
  'Goya reads a folder with one folder of recordings for each label, a CSV, TSV, JSONL or Parquet file, a folder of Common Voice (TSV files beside {0}/) or of LJSpeech ({1} beside {2}/).':
    'گویا این‌ها را می‌خواند: پوشه‌ای که برای هر برچسب پوشه‌ای از صداها دارد، فایل CSV، TSV، JSONL یا Parquet، پوشهٔ Common Voice (فایل‌های TSV کنار {0}/) یا پوشهٔ LJSpeech ({1} کنار {2}/).',
  '{0} holds several tables ({1}); choose one.': '{0} چند جدول دارد ({1})؛ یکی را برگزینید.',
  '{0} is an empty folder.': 'پوشهٔ {0} خالی است.',
  '{0} holds no data set that is known.': 'در {0} مجموعه‌دادهٔ شناخته‌شده‌ای نیست.',
  '{0} is not a file of a known format.': '{0} فایلی با قالب شناخته‌شده نیست.',
  '{0} has no {1}, which LJSpeech needs.': '{0} فایل {1} را ندارد، که LJSpeech به آن نیاز دارد.',
  '{0} is a file, but {1} is a folder.': '{0} فایل است، ولی {1} پوشه است.',
  '{0} is a folder, but {1} is a file.': '{0} پوشه است، ولی {1} فایل است.',
  '{0} ({1}) does not pair recordings with texts; LJSpeech, Common Voice, CSV, TSV, JSONL and Parquet do.':
    '{0} ({1}) برای هر صدای ضبط‌شده متنی ندارد؛ LJSpeech، Common Voice، CSV، TSV، JSONL و Parquet دارند.',
  'Of the splits of {0} only {1} is read, without {2}. To read another one, name its file.':
    'از بخش‌های {0} تنها {1} خوانده می‌شود، بی {2}. برای خواندن بخشی دیگر فایلش را نام ببرید.',
  '{0} has no column of sound that is known by its name (audio, path, …). Its columns: {1}.':
    '{0} ستون صدایی ندارد که از نامش شناخته شود (audio، path، …). ستون‌هایش: {1}.',
  '{0} has no column of texts that is known by its name (sentence, text, transcription, …). Its columns: {1}. An import from the hub asks which one it is.':
    '{0} ستون متنی ندارد که از نامش شناخته شود (sentence، text، transcription، …). ستون‌هایش: {1}. هنگام وارد کردن از هاب پرسیده می‌شود کدام است.',
  '{0} has no sound in it.': '{0} صدایی در خود ندارد.',
  'The recordings cannot be put into {0} ({1}). Free some space, or take the data set out into files first.':
    'صداهای ضبط‌شده را نمی‌توان در {0} گذاشت ({1}). فضایی خالی کنید، یا نخست مجموعه‌داده را در فایل‌ها بیرون بکشید.',

  '{0} more problems of this kind ({1}).': '{0} مورد دیگر از همین نوع ({1}).',
  'The file has no rows.': 'فایل هیچ سطری ندارد.',
  'Of {0} rows the first {1} are kept: later ones are counted only.':
    'از {0} سطر، {1} سطر نخست نگه داشته می‌شود: بقیه فقط شمرده می‌شوند.',
  'The line names no recording.': 'این سطر صدایی را نام نمی‌برد.',
  'The line has no "|" and so no text.': 'این سطر «|» ندارد و در نتیجه متنی ندارد.',
  'The line has {0} parts between "|"; id, text and normalised text are three.':
    'این سطر {0} بخش میان «|»ها دارد؛ شناسه، متن و متن هنجارشده سه تا هستند.',
  'Column {0} has no name.': 'ستون {0} نام ندارد.',
  'Two columns are named "{0}".': 'دو ستون «{0}» نام دارند.',
  'The row has {0} cells, the header {1}.': 'این سطر {0} خانه دارد، سرستون {1} تا.',
  'The line is not an object.': 'این سطر یک شیء JSON نیست.',
  'The line is not JSON: {0}.': 'این سطر JSON نیست: {0}.',
  'The line is longer than {0} MB, so it is no row.': 'این سطر از {0} مگابایت بلندتر است، پس سطر جدول نیست.',
  'The row is the same as line {0}.': 'این سطر با سطر {0} یکسان است.',
  '{0} stands on line {1} too.': '{0} در سطر {1} هم آمده است.',
  '"{0}" has characters that are not UTF-8.': '«{0}» نویسه‌هایی دارد که UTF-8 نیستند.',
  '"{0}" leads out of the data set\'s folder.': '«{0}» از پوشهٔ مجموعه‌داده بیرون می‌رود.',
  '"{0}" leads out of the folder {1}.': '«{0}» از پوشهٔ {1} بیرون می‌رود.',
  'One cell is empty in the column "{0}".': 'یک خانه در ستون «{0}» خالی است.',
  '{0} cells are empty in the column "{1}".': '{0} خانه در ستون «{1}» خالی است.',
  'The column "{0}" has {1} among numbers.': 'ستون «{0}» میان عددها {1} دارد.',
  'The column "{0}" has the text "{1}" among numbers.': 'ستون «{0}» میان عددها متن «{1}» را دارد.',
  '{0} more cells of "{1}" are not numbers.': '{0} خانهٔ دیگر از «{1}» عدد نیستند.',
  'Every item has the label "{0}": with one label there is nothing to tell apart.':
    'همهٔ موارد برچسب «{0}» را دارند: با یک برچسب چیزی برای تشخیص نیست.',
  'The label "{0}" has one item only.': 'برچسب «{0}» فقط یک مورد دارد.',
  'The label "{0}" has {1} items only.': 'برچسب «{0}» فقط {1} مورد دارد.',
  'The folder "{0}" has no recording in it.': 'در پوشهٔ «{0}» هیچ صدایی نیست.',
  '{0} cannot be decoded, so it is left out. Convert it to wav, flac, mp3 or ogg.':
    '{0} رمزگشایی نمی‌شود، پس کنار گذاشته می‌شود. آن را به wav، flac، mp3 یا ogg تبدیل کنید.',
  "{0} lies in no label's folder, so it is left out.": '{0} در پوشهٔ هیچ برچسبی نیست، پس کنار گذاشته می‌شود.',
  '{0} is not listed in {1}, so it is left out.': '{0} در {1} نیامده است، پس کنار گذاشته می‌شود.',

  'The file is UTF-16 text; save it as UTF-8.': 'متن این فایل UTF-16 است؛ آن را با UTF-8 ذخیره کنید.',
  'The file begins with a byte order mark, which other programs may take for a part of the first cell.':
    'فایل با نشان ترتیب بایت (BOM) آغاز می‌شود، که برنامه‌های دیگر شاید آن را بخشی از خانهٔ نخست بگیرند.',
  'The file is not UTF-8 but Windows-1256 (Arabic), it seems; open it with that encoding and save it as UTF-8.':
    'فایل گویا UTF-8 نیست و Windows-1256 (عربی) است؛ آن را با همان کدگذاری باز و با UTF-8 ذخیره کنید.',
  'From this line on there are bytes that are not UTF-8.': 'از این سطر به بعد بایت‌هایی هست که UTF-8 نیستند.',

  '{0} has been changed by another program since it was read. Look at it again, then write.':
    'برنامهٔ دیگری {0} را پس از خوانده شدن عوض کرده است. دوباره بررسی کنید و سپس بنویسید.',
  '{0} is not UTF-8 throughout, so it is not written: save it as UTF-8 first.':
    'سراسر {0} UTF-8 نیست، پس نوشته نمی‌شود: نخست آن را با UTF-8 ذخیره کنید.',
  'The disk is full: {0} was not written, and nothing was changed.':
    'دیسک پر است: {0} نوشته نشد و چیزی عوض نشد.',
  '{0} cannot be written ({1}); nothing was changed. Check its permissions.':
    '{0} نوشته نمی‌شود ({1})؛ چیزی عوض نشد. دسترسی‌هایش را بررسی کنید.',
  '{0} has no table of texts that could be written.': '{0} جدولی از متن‌ها ندارد که بتوان در آن نوشت.',

  'The Parquet file cannot be read: {0}': 'فایل Parquet خوانده نمی‌شود: {0}',
  '{0} has neither a column of sound nor one of text.': '{0} نه ستونی از صدا دارد و نه ستونی از متن.',
  'Row {0} of {1} has no sound in it.': 'سطر {0} از {1} صدایی در خود ندارد.',
  '{0} has no Parquet files, and the hub made none of it. Download its files and import the folder.':
    '{0} فایل Parquet ندارد و هاب هم از آن نساخته است. فایل‌هایش را دریافت کنید و پوشه را بیفزایید.',
  '{0} has no Parquet file of that split and configuration. Its splits: {1}.':
    '{0} برای آن بخش و پیکربندی فایل Parquet ندارد. بخش‌هایش: {1}.',
  '{0} has no column "{1}". Its columns: {2}.': '{0} ستون «{1}» ندارد. ستون‌هایش: {2}.',
  'Which column of {0} has the sound cannot be told. Its columns: {1}.':
    'روشن نیست کدام ستون {0} صداست. ستون‌هایش: {1}.',
  'Which column of {0} has the texts cannot be told. Its columns: {1}.':
    'روشن نیست کدام ستون {0} متن‌هاست. ستون‌هایش: {1}.',
  'an import that cannot be told': 'افزودنی که شناخته نمی‌شود',
  '{0} holds another import ({1}), and the two must not be mixed. Choose another folder, or remove this one.':
    'در {0} چیز دیگری از هاب آمده است ({1}) و این دو نباید درهم شوند. پوشهٔ دیگری برگزینید، یا این یکی را حذف کنید.',
  'No row of {0} has sound in it and is of that speaker.': 'هیچ سطری از {0} صدا ندارد و از آن گوینده نیست.',
  'The import of {0} was cancelled.': 'افزودن {0} لغو شد.',

  '{0}: {1}': '{0}: {1}',
  '{0} has no text.': '{0} متن ندارد.',
  '{0} has the text of {1}.': 'متن {0} همان متن {1} است.',
  '{0} has a text without a Persian letter.': 'متن {0} هیچ حرف فارسی ندارد.',
  'The text has letters of Arabic or of old encodings that only look like Persian ones.':
    'متن حرف‌هایی عربی یا از کدگذاری‌های کهنه دارد که فقط به حرف فارسی می‌مانند.',
  'The text has digits; a voice needs them in words, and one kind of them at least.':
    'متن رقم دارد؛ صدا آن‌ها را با حروف لازم دارد، یا دست‌کم همه از یک نوع باشند.',
  'The text has signs that are not seen, or stretched letters (kashida).':
    'متن نشانه‌های نادیدنی یا کشیده (ـ) دارد.',
  'The text has zero-width non-joiners where they do nothing.': 'متن در جاهایی بی‌اثر نیم‌فاصله دارد.',
  'The text has spaces at its ends, two in a row, or of another kind.':
    'متن در دو سرش فاصله، فاصلهٔ پشت سر هم، یا فاصله‌ای از نوع دیگر دارد.',
  'The text has Latin letters; write them as they are said.':
    'متن حرف لاتین دارد؛ آن‌ها را همان‌گونه که گفته می‌شوند بنویسید.',
  'The text has signs outside the Persian alphabet: {0}.': 'متن نشانه‌هایی بیرون از الفبای فارسی دارد: {0}.',

  '{0} lasts {1} ms only.': '{0} فقط {1} میلی‌ثانیه است.',
  '{0} lasts {1} s; clips of speech over {2} s are hard to learn from.':
    '{0} به درازای {1} ثانیه است؛ آموختن از گفتار بلندتر از {2} ثانیه دشوار است.',
  '{0} is silent from end to end.': '{0} سراسر سکوت است.',
  '{0} is clipped: {1} samples in runs at full scale. Record it anew, less loud.':
    '{0} بریدگی دارد: {1} نمونهٔ پیاپی در بیشینهٔ دامنه است. آن را آرام‌تر از نو ضبط کنید.',
  '{0} has {1} s of silence at its start and {2} s at its end.':
    '{0} در آغاز {1} ثانیه و در پایان {2} ثانیه سکوت دارد.',
  '{0} has the same sound as {1}.': 'صدای {0} همان صدای {1} است.',
  '{0} at {1} Hz': '{0} تا با {1} هرتز',
  'The clips have different sampling rates: {0}.': 'نرخ نمونه‌برداری صداها یکسان نیست: {0}.',
  'Of {0} only the length was looked at, not the sound: decoding takes time. Inspect again to look at more.':
    'از {0} فقط طول بررسی شد، نه صدا: رمزگشایی زمان می‌برد. برای بررسی بیشتر دوباره بازبینی کنید.',
  '{0} has {1} characters for each second of sound, others {2}: text and recording may not belong together.':
    '{0} در هر ثانیه صدا {1} نویسه دارد و بقیه {2}: شاید متن و صدا از آنِ هم نباشند.',
};
