/** tokenizer.json files, by the hub's own library in JavaScript; what it does differently from the reference is mended here. */
import { Tokenizer as Library } from '@huggingface/tokenizers';
import * as z from 'zod';
import { MlError } from '../errors';
import { mendByteLevel } from './byteLevel';

export interface Encoded {
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
  /** Which text of a pair a token belongs to; all zero for one. */
  readonly typeIds: readonly number[];
}

export interface EncodeOptions {
  /** The second of a pair. */
  readonly pair?: string;
  /** Adds what the model was trained with around a text, such as [CLS] and [SEP]. */
  readonly special?: boolean;
}

const object = z.record(z.string(), z.unknown());

export class Tokenizer {
  private constructor(private readonly library: Library) {}

  /**
   * @param json tokenizer.json
   * @param config tokenizer_config.json, if there is one
   * Throws `model.corrupt`.
   */
  static fromJson(json: unknown, config: unknown = {}): Tokenizer {
    const [tokenizer, settings] = [object.safeParse(json), object.safeParse(config)];
    if (!tokenizer.success || !settings.success) {
      throw new MlError('model.corrupt', 'tokenizer.json is no JSON object.');
    }
    try {
      const library = new Library(tokenizer.data, settings.data);
      mendByteLevel(library.pre_tokenizer);
      return new Tokenizer(library);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new MlError('model.corrupt', `tokenizer.json is not as it should be: ${why}`, { cause: error });
    }
  }

  encode(text: string, { pair, special = false }: EncodeOptions = {}): Encoded {
    const { ids, tokens, token_type_ids } = this.library.encode(text, {
      ...(pair === undefined ? {} : { text_pair: pair }),
      add_special_tokens: special,
      return_token_type_ids: true,
    });
    return { ids, tokens, typeIds: token_type_ids };
  }

  /** `special` keeps the special tokens in the text. */
  decode(ids: readonly number[], { special = true }: { readonly special?: boolean } = {}): string {
    if (ids.length === 0) return '';
    return this.library.decode([...ids], {
      skip_special_tokens: !special,
      clean_up_tokenization_spaces: false,
    });
  }

  idOf(token: string): number | undefined {
    return this.library.token_to_id(token);
  }

  tokenOf(id: number): string | undefined {
    return this.library.id_to_token(id);
  }
}
