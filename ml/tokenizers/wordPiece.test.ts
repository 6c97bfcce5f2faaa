import { describe, expect, it } from 'vitest';
import { WordPiece } from './wordPiece';
import { wordPieceFromJson, wordPieceFromVocab } from './wordPieceFiles';

const lines = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  'می',
  '##رو',
  '##م',
  'کتاب',
  '##ها',
  '.',
  'اب',
  '中',
];
const tokenizer = new WordPiece(wordPieceFromVocab(`${lines.join('\r\n')}\r\n`));
const brief = (text: string): unknown =>
  tokenizer.encode(text, { special: false }).map(({ token, start, end, word }) => [token, start, end, word]);

describe('WordPiece', () => {
  it('places tokens in the text, across half-spaces that it takes out', () => {
    expect(brief('می‌روم.')).toEqual([
      ['می', 0, 2, 0],
      ['##رو', 3, 5, 0],
      ['##م', 5, 6, 0],
      ['.', 6, 7, 1],
    ]);
  });

  it('counts code points, folds madda, finds special tokens and parts Chinese', () => {
    expect(brief('😀 آب [MASK]کتابها中')).toEqual([
      ['[UNK]', 0, 1, 0],
      ['اب', 2, 4, 1],
      ['[MASK]', 5, 11, 2],
      ['کتاب', 11, 15, 3],
      ['##ها', 15, 17, 3],
      ['中', 17, 18, 4],
    ]);
  });

  it('cuts the longer of a pair first, and keeps the special tokens', () => {
    const ids = tokenizer
      .encode('کتاب', { pair: 'کتاب کتاب کتاب . .', most: 7 })
      .map(({ id, type }) => [id, type]);
    expect(ids).toEqual([
      [2, 0],
      [8, 0],
      [3, 0],
      [8, 1],
      [8, 1],
      [8, 1],
      [3, 1],
    ]);
    const short = tokenizer.encode('کتاب کتاب کتاب', { pair: '. . . .', most: 8 }).map(({ token }) => token);
    expect(short.join(' ')).toBe('[CLS] کتاب کتاب [SEP] . . . [SEP]');
  });

  it('refuses tokenizers of another kind', () => {
    const model = { type: 'BPE', vocab: {} };
    expect(() => wordPieceFromJson({ model })).toThrow(
      expect.objectContaining({ code: 'model.unsupported' }),
    );
    expect(() => wordPieceFromJson({ model: { vocab: { a: -1 } } })).toThrow('model.vocab');
  });
});
