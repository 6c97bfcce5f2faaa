export const jalaliMonths = [
  'فروردین',
  'اردیبهشت',
  'خرداد',
  'تیر',
  'مرداد',
  'شهریور',
  'مهر',
  'آبان',
  'آذر',
  'دی',
  'بهمن',
  'اسفند',
] as const;

export const gregorianMonths = [
  'ژانویه',
  'فوریه',
  'مارس',
  'آوریل',
  'مه',
  'ژوئن',
  'ژوئیه',
  'اوت',
  'سپتامبر',
  'اکتبر',
  'نوامبر',
  'دسامبر',
] as const;

/** Other names of the same months, and the lunar ones. صفر is left out: it is a number more often. */
const others = [
  'امرداد',
  'آپریل',
  'می',
  'جون',
  'جولای',
  'آگوست',
  'محرم',
  'ربیع\u200C?الاول',
  'ربیع\u200C?الثانی',
  'جمادی\u200C?الاول',
  'جمادی\u200C?الثانی',
  'رجب',
  'شعبان',
  'رمضان',
  'شوال',
  'ذی\u200C?القعده',
  'ذی\u200C?قعده',
  'ذی\u200C?الحجه',
  'ذی\u200C?حجه',
];

/** For a pattern: a name that a month is called by. */
export const namedMonths = [...jalaliMonths, ...gregorianMonths, ...others].join('|');
