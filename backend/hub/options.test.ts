import { expect, it } from 'vitest';
import { hubOptions } from './options';

/** No login of whoever runs the tests. */
const nobody = { HF_TOKEN_PATH: '/nowhere/at/all' };

it('takes settings before the environment, and the environment before the default', () => {
  expect(hubOptions({}, undefined, nobody)).toEqual({
    endpoint: 'https://huggingface.co',
    token: undefined,
    offline: false,
  });
  const env = { ...nobody, HF_ENDPOINT: 'https://mirror.example/', HF_TOKEN: 'hf_env', HF_HUB_OFFLINE: '1' };
  expect(hubOptions({}, undefined, env)).toEqual({
    endpoint: 'https://mirror.example',
    token: 'hf_env',
    tokenSource: 'HF_TOKEN',
    offline: true,
  });
  expect(hubOptions({ hub: { endpoint: 'http://127.0.0.1:1/hf/' } }, 'hf_set', env)).toMatchObject({
    endpoint: 'http://127.0.0.1:1/hf',
    token: 'hf_set',
  });
  expect(
    hubOptions({}, undefined, { ...nobody, HF_ENDPOINT: '', HF_TOKEN: '', HF_HUB_OFFLINE: '0' }),
  ).toMatchObject({
    endpoint: 'https://huggingface.co',
    token: undefined,
    offline: false,
  });
});
