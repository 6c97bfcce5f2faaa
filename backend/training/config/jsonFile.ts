/** Reads `*.train.json` as VS Code reads `jsonc`: comments, trailing commas and a byte order mark are fine. */
import { readFile, stat } from 'node:fs/promises';
import { getLocation, parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import type { ConfigProblem } from '../../../protocol/model/run';
import { say } from '../../language/say';
import { problem } from '../../sdk/trainingTask';
import { pointerOf } from './pointer';

/** Larger than any config a person writes; keeps a wrong file (a model, a video) out of memory. */
const maxBytes = 4 * 1024 * 1024;

export interface ConfigText {
  /** Undefined when the text has no usable object. */
  readonly value: Record<string, unknown> | undefined;
  readonly problems: ConfigProblem[];
}

export async function readConfigFile(file: string): Promise<ConfigText> {
  try {
    const info = await stat(file);
    if (!info.isFile())
      return unusable(say`${file} is a folder, not a training file. Name the *.train.json in it.`);
    if (info.size > maxBytes)
      return unusable(say`${file} has ${info.size} bytes, too many for a training file.`);
    return parseConfigText(await readFile(file, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return unusable(say`${file} does not exist. Check the path.`);
    return unusable(say`${file} cannot be read (${code ?? String(error)}). Check its permissions.`);
  }
}

export function parseConfigText(text: string): ConfigText {
  const clean = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const errors: ParseError[] = [];
  const value: unknown = parse(clean, errors, { allowTrailingComma: true, disallowComments: false });
  const problems = errors.map((error) => syntaxProblem(clean, error));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return { value: value as Record<string, unknown>, problems };
  }
  if (problems.length > 0) return { value: undefined, problems };
  return unusable(say`A training file must be a JSON object: { "task": …, "data": … }.`);
}

function syntaxProblem(text: string, error: ParseError): ConfigProblem {
  const before = text.slice(0, error.offset);
  const line = before.split('\n').length;
  const column = error.offset - (before.lastIndexOf('\n') + 1) + 1;
  const what = syntaxWords[printParseErrorCode(error.error)]?.() ?? say`is not valid JSON`;
  // The deepest value whose text the error touches: an editor underlines that.
  const at = getLocation(text, error.offset).path.filter((part) => part !== '');
  return problem(pointerOf(at), say`Line ${line}, column ${column}: ${what}.`);
}

const syntaxWords: Readonly<Record<string, () => string>> = {
  InvalidSymbol: () => say`this word is not JSON; texts need double quotes`,
  InvalidNumberFormat: () => say`this is not a number as JSON writes them`,
  PropertyNameExpected: () => say`a property name in double quotes is expected here`,
  ValueExpected: () => say`a value is expected here`,
  ColonExpected: () => say`a colon is expected after the property name`,
  CommaExpected: () => say`a comma is missing before this`,
  CloseBraceExpected: () => say`a closing brace } is missing`,
  CloseBracketExpected: () => say`a closing bracket ] is missing`,
  EndOfFileExpected: () => say`there is more text after the end of the object`,
  UnexpectedEndOfComment: () => say`a comment is not closed`,
  UnexpectedEndOfString: () => say`a text is not closed with a double quote`,
  UnexpectedEndOfNumber: () => say`a number ends too early`,
  InvalidUnicode: () => say`a \\u escape needs four hexadecimal digits`,
  InvalidEscapeCharacter: () => say`this escape is not one JSON knows; write a backslash as \\\\`,
  InvalidCharacter: () => say`a text may not contain a raw control character`,
};

function unusable(message: string): ConfigText {
  return { value: undefined, problems: [problem('', message)] };
}
