/** What this task says, in Persian too. */
import { sayIn, type Persian } from '../../sdk/say';

export const persian: Persian = {
  '{0} is a folder. Name a TSV file.': '{0} پوشه است. یک پروندهٔ TSV را نام ببرید.',
  '{0} has {1} bytes; up to {2} can be trained on.': '{0} دارای {1} بایت است؛ تا {2} بایت را می‌توان آموخت.',
  '{0} is empty. It needs words and phonemes.': '{0} خالی است. واژه و واج می‌خواهد.',
  '{0} does not exist.': '{0} وجود ندارد.',
  '{0} cannot be read ({1}).': '{0} خوانده نمی‌شود ({1}).',
  'Line {0}: {1}': 'خط {0}: {1}',
  '{0} more lines have such a fault.': '{0} خط دیگر نیز چنین ایرادی دارد.',
  '{0} of {1} words have more phonemes than model.upsampling = {2} allows. Raise it.':
    '{0} تا از {1} واژه بیش از آنچه model.upsampling با مقدار {2} می‌گذارد واج دارند. بیشترش کنید.',
  '"{0}" has {1} phonemes for {2} letters: they take {3} frames of {4}, so it teaches nothing. Correct it, or raise model.upsampling.':
    '«{0}» برای {2} حرف {1} واج دارد: {3} قاب از {4} قاب می‌گیرد، پس چیزی نمی‌آموزد. درستش کنید، یا model.upsampling را بیشتر کنید.',
  '"{0}" of line {1} stands here again.': '«{0}» از خط {1} اینجا دوباره آمده است.',
  '"{0}" of line {1} stands here with another pronunciation: the model can answer one of them only.':
    '«{0}» از خط {1} اینجا با تلفظی دیگر آمده است: مدل تنها یکی را می‌تواند بگوید.',
  '"{0}" has digits. Write numbers as words.': '«{0}» رقم دارد. عددها را با واژه بنویسید.',
  '"{0}" is in another script than most words.': '«{0}» به خطی جز خط بیشتر واژه‌ها است.',
  '"{0}" has {1} phonemes for {2} letters. Is it whole?': '«{0}» برای {2} حرف {1} واج دارد. آیا کامل است؟',
  '{0} (line {1}): {2}': '{0} (خط {1}): {2}',
  '"{0}…" has {1} letters; words of up to {2} can be learnt.':
    '«{0}…» {1} حرف دارد؛ واژه‌هایی تا {2} حرف را می‌توان آموخت.',
  'All words have one stem, so none can be held out to measure by. Add words, or name a validationPath.':
    'همهٔ واژه‌ها یک ریشه دارند، پس نمی‌توان چیزی را برای سنجش کنار گذاشت. واژه بیفزایید یا validationPath را نام ببرید.',
  'The phonemes of most words stand without spaces between, as in "{0}" (line {1}): each word would be a phoneme of its own. Put spaces between them.':
    'واج‌های بیشتر واژه‌ها بی‌فاصله آمده‌اند، مانند «{0}» (خط {1}): هر واژه یک واج به شمار می‌آید. میانشان فاصله بگذارید.',
  'All words have one stem: data.balance has no effect.':
    'همهٔ واژه‌ها یک ریشه دارند: data.balance اثری ندارد.',
  'There are {0} words; at least {1} are needed.': '{0} واژه هست؛ دست‌کم {1} واژه لازم است.',
  '{0} heads cannot share {1} channels: take a divisor.':
    '{0} سر نمی‌توانند {1} کانال را بخش کنند: یکی از بخش‌یاب‌هایش را بگذارید.',
  '"{0}" has {1}, which no training word has.': '«{0}» دارای {1} است که هیچ واژهٔ آموزش ندارد.',
  '{0} words, such as "{1}", are trained on as well: they say little about new words.':
    '{0} واژه، مانند «{1}»، آموخته هم می‌شوند: از واژه‌های تازه چیز کمی می‌گویند.',
  '"{0}" has no tab and no phonemes after it.': '«{0}» تب و واجی پس از خود ندارد.',
  'there are {0} columns; a word, its phonemes and perhaps its stem are wanted.':
    '{0} ستون هست؛ واژه، واج‌هایش و شاید ریشه‌اش لازم است.',
  'the word is empty.': 'واژه خالی است.',
  '"{0}" has no phonemes.': '«{0}» واج ندارد.',
};

export const say = sayIn(persian);
