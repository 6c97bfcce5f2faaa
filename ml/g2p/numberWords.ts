/** How the words that numbers, dates and measures become are said. They are few, frequent, and must be right. */

const counts = `
یک j e̞ k|چهار t͡ʃ æ h ɒː ɾ|پنج p æ n d͡ʒ|شش ʃ e̞ ʃ|هفت h æ f t|هشت h æ ʃ t|ده d æ h|یازده j ɒː z d æ h|دوازده d æ v ɒː z d æ h|سیزده s iː z d æ h|چهارده t͡ʃ æ h ɒː ɾ d æ h|پانزده p ɒː n z d æ h|شانزده ʃ ɒː n z d æ h|هفده h e̞ f d æ h|هجده h e̞ d͡ʒ d æ h|نوزده n uː z d æ h|بیست b iː s t|چهل t͡ʃ e̞ h e̞ l|پنجاه p æ n d͡ʒ ɒː h|شصت ʃ æ s t|هفتاد h æ f t ɒː d|هشتاد h æ ʃ t ɒː d|نود n æ v æ d|صد s æ d|دویست d e̞ v iː s t|سیصد s iː s æ d|چهارصد t͡ʃ æ h ɒː ɾ s æ d|پانصد p ɒː n s æ d|ششصد ʃ e̞ ʃ s æ d|هفتصد h æ f t s æ d|هشتصد h æ ʃ t s æ d|نهصد n o h s æ d|هزار h e̞ z ɒː ɾ|میلیون m iː l j uː n|میلیارد m iː l j ɒː ɾ d|تریلیون t e̞ ɾ iː l j uː n`;

const irregularOrdinals = `دوم d o v v o m|سوم s e̞ v v o m|نهم n o h o m|سیام s iː ʔ o m|دهم d æ h o m`;

const others = `
صفر s e̞ f ɾ|دو d o|سه s e̞|سی s iː|ممیز m o m æ j j e̞ z|فروردین f æ ɾ v æ ɾ d iː n|تیر t iː ɾ|مرداد m o ɾ d ɒː d|آبان ɒː b ɒː n|آذر ɒː z æ ɾ|اسفند e̞ s f æ n d|ژانویه ʒ ɒː n v iː j e̞|فوریه f e̞ v ɾ iː j e̞|مارس m ɒː ɾ s|آوریل ɒː v ɾ iː l|ژوئن ʒ uː ʔ æ n|ژوئیه ʒ uː ʔ iː j e̞|اوت uː t|سپتامبر s e̞ p t ɒː m b ɾ|اکتبر o k t o b ɾ|نوامبر n o v ɒː m b ɾ|دسامبر d e̞ s ɒː m b ɾ|سهشنبه s e̞ ʃ æ n b e̞|چهارشنبه t͡ʃ æ h ɒː ɾ ʃ æ n b e̞|یورو j uː ɾ o|سنت s e̞ n t|سانتیمتر s ɒː n t iː m e̞ t ɾ|میلیمتر m iː l iː m e̞ t ɾ|کیلومتر k iː l uː m e̞ t ɾ|کیلوگرم k iː l uː g e̞ ɾ æ m|میلیگرم m iː l iː g e̞ ɾ æ m|لیتر l iː t ɾ|میلیلیتر m iː l iː l iː t ɾ|گیگابایت g iː g ɒː b ɒː j t|مگابایت m e̞ g ɒː b ɒː j t|کیلوبایت k iː l uː b ɒː j t|ترابایت t e̞ ɾ ɒː b ɒː j t|ثانیه s ɒː n iː j e̞|مربع m o ɾ æ b b æ ʔ|مکعب m o k æ ʔ ʔ æ b|هجری h e̞ d͡ʒ ɾ iː|شمسی ʃ æ m s iː|قمری ɢ æ m æ ɾ iː|اسلش e̞ s l æ ʃ|دات d ɒː t|مساوی m o s ɒː v iː|منهای m e̞ n h ɒː j e̞|بهعلاوه b e̞ ʔ æ l ɒː v e̞|نیم n iː m`;

const entriesOf = (table: string): [string, string][] =>
  table
    .trim()
    .split('|')
    .map((entry) => [entry.slice(0, entry.indexOf(' ')), entry.slice(entry.indexOf(' ') + 1)]);

const cardinals = entriesOf(counts);
const ordinals = [
  ...cardinals.map(([word, phonemes]): [string, string] => [`${word}م`, `${phonemes} o m`]),
  ...entriesOf(irregularOrdinals),
];

/** By the word without half spaces; phonemes have spaces between. */
export const numberWords: ReadonlyMap<string, string> = new Map([
  ...cardinals,
  ...ordinals,
  ...ordinals.map(([word, phonemes]): [string, string] => [`${word}ین`, `${phonemes} iː n`]),
  ...entriesOf(others),
]);
