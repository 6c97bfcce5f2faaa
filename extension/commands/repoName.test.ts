import { expect, it } from 'vitest';
import { parseRepoName } from './repoName';

it.each([
  ['facebook/mms-tts-fas', { repoId: 'facebook/mms-tts-fas' }],
  [' gpt2 ', { repoId: 'gpt2' }],
  ['a/b@v1.0', { repoId: 'a/b', revision: 'v1.0' }],
  ['a/b@refs/pr/3', { repoId: 'a/b', revision: 'refs/pr/3' }],
  ['https://huggingface.co/facebook/mms-tts-fas', { repoId: 'facebook/mms-tts-fas' }],
  ['https://hf-mirror.com/a/b/tree/main', { repoId: 'a/b', revision: 'main' }],
  ['https://huggingface.co/a/b/tree/refs%2Fpr%2F3', { repoId: 'a/b', revision: 'refs/pr/3' }],
  ['https://huggingface.co/a/b/blob/dev/config.json?x=1', { repoId: 'a/b', revision: 'dev' }],
])('reads %s', (text, expected) => {
  expect(parseRepoName(text)).toEqual(expected);
});

it.each([
  '',
  'a/b/c',
  '../etc',
  'a/..',
  'a b/c',
  'a/b@',
  'a/b@x@y',
  'https://huggingface.co/datasets/a/b',
  'https://huggingface.co/onlyowner',
  'https://',
])('refuses %j', (text) => {
  expect(parseRepoName(text)).toBeUndefined();
});
