/** What this task says, in Persian too. */
import { sayIn, type Persian } from '../../sdk/say';

export const persian: Persian = {
  '{0} does not exist. Check the path.': '{0} وجود ندارد. مسیر را بررسی کنید.',
  '{0} is a folder. Name a CSV, TSV or JSONL file.':
    '{0} پوشه است. یک پروندهٔ CSV، TSV یا JSONL را نام ببرید.',
  '{0} is empty. It needs a header line and examples.': '{0} خالی است. یک خط سرستون و چند نمونه می‌خواهد.',
  '{0} has {1} bytes; files of up to {2} can be trained on.':
    '{0} دارای {1} بایت است؛ پرونده‌هایی تا {2} بایت را می‌توان آموخت.',
  '{0}: {1}': '{0}: {1}',
  '{0} (line {1}): {2}': '{0} (خط {1}): {2}',
  '{0} cannot be read: {1}': '{0} خوانده نمی‌شود: {1}',
  'The file has no examples with text and label; at least {0} are needed.':
    'پرونده نمونه‌ای با متن و برچسب ندارد؛ دست‌کم {0} نمونه لازم است.',
  'The file has only {0} examples with text and label; at least {1} are needed.':
    'پرونده تنها {0} نمونه با متن و برچسب دارد؛ دست‌کم {1} نمونه لازم است.',
  'Which column holds the text? Name it in data.text.': 'متن در کدام ستون است؟ آن را در data.text نام ببرید.',
  'Which column holds the label? Name it in data.label.':
    'برچسب در کدام ستون است؟ آن را در data.label نام ببرید.',
  'line {0} {1}': 'خط {0} {1}',
  '{0}, and {1} more lines': '{0}، و {1} خط دیگر',
  'Lines that are no examples: {0}. Correct or delete them.':
    'خط‌هایی که نمونه نیستند: {0}. درستشان کنید یا بردارید.',
  'A JSON file is no table. Save it as JSONL: one object on each line.':
    'پروندهٔ JSON جدول نیست. آن را JSONL ذخیره کنید: هر شیء در یک خط.',
  'Labels without an example here: {0}. They cannot be measured.':
    'برچسب‌هایی که اینجا نمونه‌ای ندارند: {0}. سنجیدنی نیستند.',
  'There are only {0} different texts, none of the same label: none can be held out to measure by. Add examples.':
    'تنها {0} متن گوناگون هست و هیچ دوتایی یک برچسب ندارند: نمی‌توان چیزی را برای سنجش کنار گذاشت. نمونه بیفزایید.',
  'has {0} cells, and the header {1}': '{0} خانه دارد و سرستون {1}',
  'The line is too long to be an example.': 'این خط بلندتر از آن است که نمونه باشد.',
  'is not a JSON object': 'یک شیء JSON نیست',
  'has no text or number under "{0}"': 'زیر «{0}» متن یا عددی ندارد',
  '{0} %': '{0}٪',
  'No text on {0}: left out. Fill or delete them.':
    'در {0} متنی نیست: کنار گذاشته شد. پرشان کنید یا بردارید.',
  'No label on {0}: left out. Fill or delete them.':
    'در {0} برچسبی نیست: کنار گذاشته شد. پرشان کنید یا بردارید.',
  'Normalisation changes {0} of the texts, the first on {1}.':
    'یکسان‌سازی {0} متن‌ها را تغییر می‌دهد، نخستین‌ها در {1}.',
  '{0} of the texts mix Persian and Latin letters, the first on {1}.':
    '{0} متن‌ها حروف فارسی و لاتین را با هم دارند، نخستین‌ها در {1}.',
  'All {0} examples have the label "{1}": with one class only there is nothing to tell apart.':
    'هر {0} نمونه برچسب «{1}» دارند: با یک رده چیزی برای بازشناختن نیست.',
  'There are {0} different labels in {1} examples: too many to learn. Is it the right column?':
    'در {1} نمونه {0} برچسب گوناگون هست: برای آموختن زیاد است. ستون درست همین است؟',
  '"{0}"': '«{0}»',
  'Labels with one example only ({0}; {1}) are trained on but cannot be measured.':
    'برچسب‌هایی که تنها یک نمونه دارند ({0}؛ {1}) آموخته می‌شوند ولی سنجیدنی نیستند.',
  'Texts that stand elsewhere with another label: {0}. The model cannot get both right.':
    'متن‌هایی که جای دیگر برچسبی دیگر دارند: {0}. مدل نمی‌تواند هر دو را درست بگوید.',
  'They stay on one side of the split.': 'همه در یک سوی تقسیم می‌مانند.',
  'Texts that repeat an earlier one: {0}.': 'متن‌هایی که تکرار متنی پیشین‌اند: {0}.',
  'Texts that are in the training data too: {0}. They make the figures look better than they are.':
    'متن‌هایی که در دادهٔ آموزش هم هستند: {0}. با آن‌ها رقم‌ها بهتر از آنچه هست دیده می‌شود.',
  '"{0}" ({1}) is no label of the training data.': '«{0}» ({1}) از برچسب‌های دادهٔ آموزش نیست.',
  'Texts longer than {0} characters and may be cut off there: {1}.':
    'متن‌هایی که بیش از {0} نویسه دارند و شاید آنجا بریده شوند: {1}.',
  'Texts longer than {0} characters and are cut off there: {1}.':
    'متن‌هایی که بیش از {0} نویسه دارند و آنجا بریده می‌شوند: {1}.',
};

export const say = sayIn(persian);
