/**
 * JSON of files that strangers wrote: objects become maps (so that no name touches a prototype), a name given twice is
 * an error (readers disagree on which one counts), and depth is bounded.
 */
import { MlError } from '../errors';

export type StrictJson = null | boolean | number | string | StrictJson[] | Map<string, StrictJson>;

const deepest = 64;

class Parser {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly name: string,
  ) {}

  document(): StrictJson {
    const value = this.value(0);
    this.space();
    if (this.at !== this.text.length) throw this.fault('something follows the end');
    return value;
  }

  private fault(what: string): MlError {
    return new MlError('model.corrupt', `${this.name} is not valid JSON: ${what} at character ${this.at}.`);
  }

  private space(): void {
    while (' \n\r\t'.includes(this.text.charAt(this.at)) && this.at < this.text.length) this.at++;
  }

  private take(character: string): boolean {
    this.space();
    if (this.text.charAt(this.at) !== character) return false;
    this.at++;
    return true;
  }

  private value(depth: number): StrictJson {
    if (depth > deepest) throw this.fault('nested too deeply');
    if (this.take('{')) return this.object(depth);
    if (this.take('[')) return this.array(depth);
    if (this.text.charAt(this.at) === '"') return this.string();
    const literal = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)/y;
    literal.lastIndex = this.at;
    const found = literal.exec(this.text)?.[0];
    if (found === undefined) throw this.fault('no value');
    this.at += found.length;
    return JSON.parse(found) as null | boolean | number;
  }

  private object(depth: number): Map<string, StrictJson> {
    const object = new Map<string, StrictJson>();
    if (this.take('}')) return object;
    do {
      this.space();
      const name = this.string();
      if (object.has(name)) throw this.fault(`${JSON.stringify(name)} stands there twice`);
      if (!this.take(':')) throw this.fault('no colon');
      object.set(name, this.value(depth + 1));
    } while (this.take(','));
    if (!this.take('}')) throw this.fault('an object does not end');
    return object;
  }

  private array(depth: number): StrictJson[] {
    const array: StrictJson[] = [];
    if (this.take(']')) return array;
    do array.push(this.value(depth + 1));
    while (this.take(','));
    if (!this.take(']')) throw this.fault('a list does not end');
    return array;
  }

  private string(): string {
    if (this.text.charAt(this.at) !== '"') throw this.fault('no string');
    let end = this.at + 1;
    while (end < this.text.length && this.text.charAt(end) !== '"') {
      end += this.text.charAt(end) === '\\' ? 2 : 1;
    }
    const quoted = this.text.slice(this.at, end + 1);
    let value: unknown;
    try {
      value = JSON.parse(quoted);
    } catch (error) {
      throw new MlError('model.corrupt', this.fault('a damaged string').message, { cause: error });
    }
    this.at = end + 1;
    return value as string;
  }
}

/** Throws `model.corrupt` that says where. `name` is the file's, for the message. */
export function parseStrictJson(bytes: Uint8Array, name: string): StrictJson {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new MlError('model.corrupt', `${name} is not valid UTF-8.`, { cause: error });
  }
  return new Parser(text, name).document();
}
