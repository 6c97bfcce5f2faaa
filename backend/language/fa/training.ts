import type { Persian } from '../say';

/** A config that cannot be read or run. */
export const configs: Persian = {
  'The task {0} did not finish its look at the data within {1} s. If it comes from a plugin, its `inspect` may hang: disable the plugin, or tell its author. Otherwise use less data, or a faster disk.':
    'وظیفهٔ {0} بررسی داده را در {1} ثانیه به پایان نرساند. اگر از افزونه‌ای می‌آید، شاید `inspect` آن بی‌پاسخ مانده باشد: افزونه را غیرفعال کنید یا به سازنده‌اش خبر دهید. وگرنه دادهٔ کمتر یا دیسک تندتری به کار ببرید.',
  'The task {0} failed while it looked at the data: {1}': 'وظیفهٔ {0} هنگام بررسی داده ناکام ماند: {1}',
  'The run “{0}” is running and will write to {1}. Choose another output, or stop it first.':
    'اجرای «{0}» در جریان است و در {1} خواهد نوشت. خروجی دیگری برگزینید، یا نخست آن را متوقف کنید.',
  'The run “{0}” is queued and will write to {1}. Choose another output, or stop it first.':
    'اجرای «{0}» در صف است و در {1} خواهد نوشت. خروجی دیگری برگزینید، یا نخست آن را متوقف کنید.',
  unknown: 'نامعلوم',
  'The engine {0} is not available here: {1}. Or set "engine" to "auto".':
    'موتور {0} اینجا در دسترس نیست: {1}. یا «engine» را «auto» بگذارید.',
  'And {0} more.': 'و {0} مورد دیگر.',
  'The training config cannot be run.': 'این پیکربندی آموزش را نمی‌توان اجرا کرد.',
  'Invalid input': 'مقدار نادرست است',
  'Too small: expected string to have >={0} characters': 'کوتاه است: متن باید دست‌کم {0} نویسه داشته باشد',
  'Too small: expected array to have >={0} items': 'کم است: آرایه باید دست‌کم {0} عضو داشته باشد',
  'Too small: expected {0} to be >={1}': 'کوچک است: {0} باید دست‌کم {1} باشد',
  'Too small: expected {0} to be >{1}': 'کوچک است: {0} باید بیشتر از {1} باشد',
  'Too big: expected string to have <={0} characters': 'بلند است: متن باید دست‌بالا {0} نویسه داشته باشد',
  'Too big: expected array to have <={0} items': 'زیاد است: آرایه باید دست‌بالا {0} عضو داشته باشد',
  'Too big: expected {0} to be <={1}': 'بزرگ است: {0} باید دست‌بالا {1} باشد',
  'Too big: expected {0} to be <{1}': 'بزرگ است: {0} باید کمتر از {1} باشد',
  int: 'عدد صحیح',
  number: 'عدد',
  'No task is installed.': 'هیچ وظیفه‌ای نصب نیست.',
  'Known: {0}.': 'شناخته‌شده‌ها: {0}.',
  '`task` is missing: it says what to train.': '`task` نیست: می‌گوید چه چیزی آموزش داده شود.',
  'There is no task {0}.': 'وظیفه‌ای به نام {0} نیست.',
  'Did you mean `{0}`?': 'آیا منظورتان `{0}` بود؟',
  '`classWeights` has no meaning here; it is for tasks that tell labels apart.':
    '`classWeights` اینجا معنایی ندارد؛ برای وظیفه‌هایی است که برچسب‌ها را از هم بازمی‌شناسند.',
  '`{0}` has no meaning here; it is for {1}.': '`{0}` اینجا معنایی ندارد؛ برای {1} است.',
  'the `step` schedule': 'برنامهٔ `step`',
  'the `cosine` schedule': 'برنامهٔ `cosine`',
  '{0} epochs are more than the {1} of the run: {2}': '{0} دور از {1} دور این اجرا بیشتر است: {2}',
  'the only checkpoint is the last.': 'تنها نقطهٔ بازیابی همان آخری است.',
  'the rate never drops.': 'نرخ یادگیری هرگز کم نمی‌شود.',
  'the run never stops early.': 'اجرا هرگز زودتر پایان نمی‌یابد.',
  'The file': 'پرونده',
  '`{0}` is missing.': '`{0}` نیست.',
  '`{0}` must be {1}, not {2}.': '`{0}` باید {1} باشد، نه {2}.',
  '`{0}`: {1} (it is {2}).': '`{0}`: {1} (اکنون {2} است).',
  '`{0}` is not known here. Did you mean `{1}`?': '`{0}` اینجا شناخته نیست. آیا منظورتان `{1}` بود؟',
  'the top level of the file': 'بالاترین سطح پرونده',
  '`{0}` is not known here; it belongs in {1}.': '`{0}` اینجا شناخته نیست؛ جایش در {1} است.',
  '`{0}` is not known here. Known: {1}.': '`{0}` اینجا شناخته نیست. شناخته‌شده‌ها: {1}.',
  'one of {0}': 'یکی از {0}',
  'a whole number': 'عدد صحیح',
  'a number': 'عدد',
  'a text': 'متن',
  'a boolean': 'true یا false',
  'an array': 'آرایه',
  'an object': 'شیء',
  'a record': 'شیء',
  nothing: 'هیچ',
};

/** The file and the paths in it. */
export const files: Persian = {
  '{0} is a folder, not a training file. Name the *.train.json in it.':
    '{0} پوشه است، نه پروندهٔ آموزش. ‎*.train.json‎ درون آن را نام ببرید.',
  '{0} has {1} bytes, too many for a training file.':
    '{0} دارای {1} بایت است و برای پروندهٔ آموزش زیادی بزرگ است.',
  '{0} does not exist. Check the path.': '{0} وجود ندارد. مسیر را بررسی کنید.',
  '{0} cannot be read ({1}). Check its permissions.': '{0} خوانده نمی‌شود ({1}). اجازه‌هایش را بررسی کنید.',
  'A training file must be a JSON object: { "task": …, "data": … }.':
    'پروندهٔ آموزش باید یک شیء JSON باشد: \u2068{ "task": …, "data": … }\u2069.',
  'is not valid JSON': 'JSON درستی نیست',
  'Line {0}, column {1}: {2}.': 'خط {0}، ستون {1}: {2}.',
  'this word is not JSON; texts need double quotes': 'این واژه JSON نیست؛ متن‌ها گیومهٔ دوتایی (") می‌خواهند',
  'this is not a number as JSON writes them': 'این عددی نیست که JSON می‌نویسد',
  'a property name in double quotes is expected here': 'اینجا نام ویژگی در گیومهٔ دوتایی (") می‌آید',
  'a value is expected here': 'اینجا باید مقداری بیاید',
  'a colon is expected after the property name': 'پس از نام ویژگی دونقطه می‌آید',
  'a comma is missing before this': 'پیش از این یک ویرگول (,) کم است',
  'a closing brace } is missing': 'آکولاد پایانی \u2068}\u2069 کم است',
  'a closing bracket ] is missing': 'کروشهٔ پایانی \u2068]\u2069 کم است',
  'there is more text after the end of the object': 'پس از پایان شیء متن دیگری هست',
  'a comment is not closed': 'یادداشتی بسته نشده است',
  'a text is not closed with a double quote': 'متنی با گیومهٔ دوتایی (") بسته نشده است',
  'a number ends too early': 'عددی زود پایان یافته است',
  'a \\u escape needs four hexadecimal digits': 'پس از \u2068\\u\u2069 چهار رقم شانزده‌شانزدهی لازم است',
  'this escape is not one JSON knows; write a backslash as \\\\':
    'JSON این نویسهٔ گریز را نمی‌شناسد؛ خود \u2068\\\u2069 را \u2068\\\\\u2069 بنویسید',
  'a text may not contain a raw control character': 'متن نمی‌تواند نویسهٔ کنترلی خام داشته باشد',
  'A path may not contain a NUL character.': 'مسیر نمی‌تواند نویسهٔ NUL داشته باشد.',
  'The output must be a folder of its own, not the workspace itself.':
    'خروجی باید پوشه‌ای جداگانه باشد، نه خود فضای کار.',
  '{0} lies in the training data {1}. Choose a folder outside it.':
    '{0} درون دادهٔ آموزش {1} است. پوشه‌ای بیرون از آن برگزینید.',
  '{0} holds the training data and would be replaced. Choose another folder.':
    '{0} دادهٔ آموزش را در خود دارد و جایگزین می‌شود. پوشهٔ دیگری برگزینید.',
  '{0} is a file. Choose a folder name.': '{0} پرونده است. نام پوشه‌ای را برگزینید.',
  '{0} holds files that Goya did not make. Choose an empty or new folder.':
    '{0} پرونده‌هایی دارد که گویا نساخته است. پوشه‌ای خالی یا تازه برگزینید.',
  '{0} does not exist (looked for {1}).': '{0} وجود ندارد (جسته شد: {1}).',
  '{0} leads out of the workspace {1}. Use a path inside it; copy or import the files first.':
    '{0} از فضای کار {1} بیرون می‌رود. مسیری درون آن به کار ببرید؛ نخست پرونده‌ها را رونوشت یا وارد کنید.',
};

/** What several tasks find in their data. */
export const data: Persian = {
  'The file does not exist.': 'پرونده وجود ندارد.',
  'The file may not be read: its permissions forbid it.': 'پرونده خواندنی نیست: اجازه‌هایش نمی‌گذارد.',
  'This is a folder, not a file.': 'این پوشه است، نه پرونده.',
  '{0} Left out: {1}.': '{0} کنار گذاشته شد: {1}.',
  '{0} has no letters in its text.': 'متن {0} حرفی ندارد.',
  '{0} is too short to have speech in it.': '{0} کوتاه‌تر از آن است که گفتاری در آن باشد.',
  '{0} lasts {1} s, longer than data.longest.': '{0}، {1} ثانیه است؛ بلندتر از data.longest.',
  '{0} is silent.': '{0} خاموش است.',
  '{0} has more text than its sound can hold.': 'متن {0} بیش از آن است که در صدایش جا بگیرد.',
  'The lexicon has lines that are not a word, a tab and its phonemes: {0}.':
    'واژه‌نامه سطرهایی دارد که واژه، تب و واج‌های آن نیست: {0}.',
  'There are {0} recordings with texts that can be learnt from; at least {1} are needed.':
    '{0} ضبط با متن هست که بتوان از آن آموخت؛ دست‌کم {1} لازم است.',
  'Nobody in the data is called "{0}". There are: {1}.': 'در داده کسی به نام «{0}» نیست. این‌ها هستند: {1}.',
  'The file cannot be read ({0}).': 'پرونده خوانده نمی‌شود ({0}).',
  'There is no label "{0}". The labels are: {1}.': 'برچسبی به نام «{0}» نیست. برچسب‌ها: {1}.',
  'Every label weighs 0, so nothing would be learnt.': 'وزن همهٔ برچسب‌ها ۰ است، پس چیزی آموخته نمی‌شود.',
  'The "{0}" cell is empty.': 'خانهٔ «{0}» خالی است.',
  "{0} lies outside the table's folder; use a path below it.":
    '{0} بیرون از پوشهٔ جدول است؛ مسیری درون آن به کار ببرید.',
  'The table has no column "{0}".': 'جدول ستونی به نام «{0}» ندارد.',
  'The file has no column "{0}".': 'پرونده ستونی به نام «{0}» ندارد.',
  'It has none.': 'هیچ ستونی ندارد.',
  'It has: {0}.': 'ستون‌ها: {0}.',
  'line {0}': 'خط {0}',
  'lines {0}': 'خط‌های {0}',
  'lines {0} and {1} more': 'خط‌های {0} و {1} خط دیگر',
  'A batch of {0} is larger than the {1} words: each epoch is one step.':
    'دستهٔ {0}تایی از {1} واژه بزرگ‌تر است: هر دور یک گام می‌شود.',
  'A batch of {0} is larger than the {1} training examples: each epoch is one step.':
    'دستهٔ {0}تایی از {1} نمونهٔ آموزش بزرگ‌تر است: هر دور یک گام می‌شود.',
  'The model would have {0} million weights; training it takes {1} GB of memory at least. Make it smaller.':
    'مدل {0} میلیون وزن خواهد داشت؛ آموزشش دست‌کم {1} گیگابایت حافظه می‌خواهد. کوچک‌ترش کنید.',
  'The table is UTF-16 text; save it as UTF-8.': 'جدول متن UTF-16 است؛ آن را با UTF-8 ذخیره کنید.',
  'The file is not text, so it is no table.': 'پرونده متن نیست، پس جدول نیست.',
  'The table cannot be read: {0}.': 'جدول خوانده نمی‌شود: {0}.',
  'The text is not UTF-8 (Windows-1256, perhaps). Open the file with its encoding and save it as UTF-8.':
    'متن UTF-8 نیست (شاید Windows-1256 باشد). پرونده را با کدگذاری خودش باز و با UTF-8 ذخیره کنید.',
  'A quotation mark stands inside a cell. Put the whole cell in quotation marks and double those within.':
    'درون خانه‌ای نشان نقل‌قول آمده است. همهٔ خانه را میان دو نشان بگذارید و نشان‌های درونش را دوتا کنید.',
  'A cell begins with a quotation mark that never closes. Close it, or double it.':
    'خانه‌ای با نشان نقل‌قولی آغاز می‌شود که بسته نمی‌شود. آن را ببندید یا دوتا کنید.',
  'A row is too long for a table. Is a quotation mark missing?':
    'سطری برای جدول بیش از اندازه بلند است. آیا نشان نقل‌قولی جا افتاده است؟',
  '"{0}"': '«{0}»',
  'Labels that read alike are learnt as different ones: {0}. Spell them alike if they are one.':
    'برچسب‌هایی که یکسان خوانده می‌شوند جدا آموخته می‌شوند: {0}. اگر یکی‌اند، یکسان بنویسیدشان.',
};
