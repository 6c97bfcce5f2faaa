/** Which column holds the text and which the label. */
export interface ColumnChoice {
  readonly text?: string | undefined;
  readonly label?: string | undefined;
}

/** Undefined: named but absent, or not to be guessed. */
export type Columns = ColumnChoice;

const textNames = ['text', 'sentence', 'content', 'body', 'review', 'comment', 'message', 'title', 'name'];
const persianTextNames = ['متن', 'جمله', 'نظر', 'دیدگاه', 'پیام', 'عنوان', 'نام', 'اسم'];
const labelNames = ['label', 'class', 'category', 'target', 'tag', 'sentiment', 'gender', 'topic'];
const persianLabelNames = ['برچسب', 'دسته', 'رده', 'گروه', 'احساس', 'جنسیت', 'موضوع'];

function guess(
  header: readonly string[],
  names: readonly string[],
  taken: string | undefined,
): string | undefined {
  const free = header.filter((name) => name !== taken);
  const wanted = names.find((name) => free.some((one) => one.toLowerCase() === name));
  return free.find((one) => one.toLowerCase() === wanted);
}

/** What is named must be there; what is not is guessed by its name, or is the other one of two columns. */
export function columnsOf(header: readonly string[], choice: ColumnChoice): Columns {
  const named = (name: string | undefined): string | undefined =>
    name !== undefined && header.includes(name) ? name : undefined;
  const other = (name: string | undefined): string | undefined =>
    name !== undefined && header.length === 2 ? header.find((one) => one !== name) : undefined;
  const label =
    choice.label === undefined
      ? guess(header, [...labelNames, ...persianLabelNames], choice.text)
      : named(choice.label);
  const text =
    choice.text === undefined
      ? guess(header, [...textNames, ...persianTextNames], label)
      : named(choice.text);
  return {
    text: text ?? (choice.text === undefined ? other(label) : undefined),
    label: label ?? (choice.label === undefined ? other(text) : undefined),
  };
}
