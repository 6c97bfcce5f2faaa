/** A training config as text: comments and trailing commas are read as VS Code reads `jsonc`. Pure. */
import { getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { t } from '../text/translate';
import type { Span } from './pointer';

export interface SyntaxProblem extends Span {
  readonly message: string;
}

export interface ConfigText {
  readonly root: Node | undefined;
  /** The object that the file holds; undefined when it holds none or cannot be read as a whole. */
  readonly value: Record<string, unknown> | undefined;
  readonly syntaxProblems: readonly SyntaxProblem[];
}

export function readConfigText(text: string): ConfigText {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  const syntaxProblems = errors.map(({ error, offset, length }) => ({
    offset,
    length: Math.max(1, length),
    message: t('This is not valid JSON: {0}.', words(printParseErrorCode(error))),
  }));
  const value: unknown = root === undefined ? undefined : getNodeValue(root);
  if (errors.length === 0 && root !== undefined && root.type !== 'object')
    syntaxProblems.push({
      offset: root.offset,
      length: root.length,
      message: t('A training config is an object: { "task": … }.'),
    });
  return { root, value: errors.length === 0 && isObject(value) ? value : undefined, syntaxProblems };
}

/** The `task` field, also of a file that is being typed. */
export function taskOf(root: Node | undefined): string | undefined {
  const value: unknown = root === undefined ? undefined : getNodeValue(root);
  const task = isObject(value) ? value['task'] : undefined;
  return typeof task === 'string' ? task : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `CommaExpected` → `comma expected`. */
function words(code: string): string {
  return code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
