/** What this task says, in Persian too. */
import { sayIn, type Persian } from '../../sdk/say';

export const persian: Persian = {
  '{0} does not exist. Check the path.': '{0} وجود ندارد. مسیر را بررسی کنید.',
  '{0} is a folder. Name a CSV file.': '{0} پوشه است. یک پروندهٔ CSV را نام ببرید.',
  '{0} is empty. It needs a header line and examples.': '{0} خالی است. یک خط سرستون و چند نمونه می‌خواهد.',
  '{0} has {1} bytes; tables of up to {2} can be trained on.':
    '{0} دارای {1} بایت است؛ جدول‌هایی تا {2} بایت را می‌توان آموخت.',
  '{0} cannot be read as a table: {1}': '{0} را نمی‌توان چون جدول خواند: {1}',
  '{0} (line {1}): {2}': '{0} (خط {1}): {2}',
  'Column "{0}" has numbers such as {1}, which are read as texts. Write them plainly, as 1234.5, or list the column in data.categorical.':
    'ستون «{0}» عددهایی مانند {1} دارد که متن خوانده می‌شوند. ساده بنویسیدشان، مانند 1234.5، یا ستون را در data.categorical نام ببرید.',
  'Column "{0}" has numbers beyond {1} on {2}: a model cannot hold them. Correct them, or delete the lines.':
    'ستون «{0}» در {2} عددهایی بزرگ‌تر از {1} دارد: در مدل نمی‌گنجند. درستشان کنید یا خط‌ها را بردارید.',
  'Column "{0}" has numbers far from all others ({1}) on {2}: beside them the others look the same. Correct them, or delete the lines.':
    'ستون «{0}» در {2} عددهایی دور از همهٔ عددهای دیگر دارد ({1}): کنارشان بقیه یکسان می‌نمایند. درستشان کنید یا خط‌ها را بردارید.',
  'Two columns are named "{0}". Rename one.': 'نام دو ستون «{0}» است. نام یکی را عوض کنید.',
  'Column {0} has no name in the header line.': 'ستون {0} در خط سرستون نامی ندارد.',
  'The label "{0}" is among the features: it would be given away.':
    'برچسب «{0}» میان ویژگی‌ها است: پاسخ لو می‌رود.',
  'The table has no examples; at least {0} are needed.': 'جدول نمونه‌ای ندارد؛ دست‌کم {0} نمونه لازم است.',
  'The table has only {0} examples; at least {1} are needed.':
    'جدول تنها {0} نمونه دارد؛ دست‌کم {1} نمونه لازم است.',
  'line {0} has {1}': 'خط {0} دارای {1}',
  '{0} and {1} more': '{0} و {1} خط دیگر',
  'Every line needs {0} cells, as the header has: {1}.': 'هر خط باید مانند سرستون {0} خانه داشته باشد: {1}.',
  'No column is left to learn from.': 'ستونی نمانده است که از آن یاد گرفته شود.',
  'Column "{0}" is empty or not a number (NaN) on {1}.': 'ستون «{0}» در {1} خالی است یا عدد نیست (NaN).',
  'Fill the cells or delete the lines.': 'خانه‌ها را پر کنید یا خط‌ها را بردارید.',
  'Correct the cells, or list the column in data.categorical.':
    'خانه‌ها را درست کنید، یا ستون را در data.categorical نام ببرید.',
  'Column "{0}" has text among numbers on {1}.': 'ستون «{0}» در {1} میان عددها متن دارد.',
  '"{0}" has {1} different texts in {2} lines: it looks like an identifier. List it in data.ignore.':
    '«{0}» در {2} خط {1} متن گوناگون دارد: به شناسه می‌ماند. آن را در data.ignore نام ببرید.',
  'Column "{0}" has no label on {1}.': 'ستون «{0}» در {1} برچسب ندارد.',
  'All {0} lines have the label "{1}" in column "{2}": with one class only there is nothing to tell apart.':
    'هر {0} خط در ستون «{2}» برچسب «{1}» دارند: با یک رده چیزی برای بازشناختن نیست.',
  '"{0}" has {1} different values in {2} lines: too many to learn. Is it the right column?':
    '«{0}» در {2} خط {1} مقدار گوناگون دارد: برای آموختن زیاد است. ستون درست همین است؟',
  '1 of the labels has one example only: it is trained on but cannot be measured.':
    '۱ برچسب تنها یک نمونه دارد: آموخته می‌شود ولی سنجیدنی نیست.',
  '{0} of the labels have one example only: it is trained on but cannot be measured.':
    '{0} برچسب هرکدام تنها یک نمونه دارند: آموخته می‌شوند ولی سنجیدنی نیستند.',
};

export const say = sayIn(persian);
