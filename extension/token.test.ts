import { expect, it } from 'vitest';
import { TokenStore } from './token';

function store(kept?: string): { tokens: TokenStore; text: () => string | undefined } {
  let text = kept;
  return {
    text: () => text,
    tokens: new TokenStore({
      get: () => Promise.resolve(text),
      store: (_, value) => ((text = value), Promise.resolve()),
      delete: () => ((text = undefined), Promise.resolve()),
      onDidChange: () => {
        throw new Error('nobody listens');
      },
    }),
  };
}

it('keeps a token for the origin it was given for, and for no other', async () => {
  const { tokens, text } = store();
  expect(await tokens.all()).toEqual({});
  await tokens.set('hf_a', 'https://huggingface.co');
  await tokens.set('hf_b', 'https://mirror.example');
  expect(await tokens.get('https://huggingface.co')).toBe('hf_a');
  expect(await tokens.get('https://mirror.example')).toBe('hf_b');
  expect(await tokens.get('https://other.example')).toBeUndefined();
  expect(await tokens.get('constructor')).toBeUndefined();
  await tokens.delete();
  expect(text()).toBeUndefined();
});

it('reads what earlier versions kept as a token of the hub itself', async () => {
  const { tokens } = store('hf_old');
  expect(await tokens.all()).toEqual({ 'https://huggingface.co': 'hf_old' });
  expect(await store('{"tokens":{"https://a":7}}').tokens.all()).toEqual({});
  expect(await store('{broken').tokens.all()).toEqual({});
});

it('says once the backend was told, to whoever still listens', () => {
  const { tokens } = store();
  const heard: string[] = [];
  const first = tokens.onTold(() => heard.push('first'));
  tokens.onTold(() => heard.push('second'));
  tokens.tell();
  first.dispose();
  tokens.tell();
  expect(heard).toEqual(['first', 'second', 'second']);
});
