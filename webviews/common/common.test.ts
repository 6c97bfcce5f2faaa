import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { commands } from '../../extension/contributions';
import { MlError } from '../../ml/errors';
import { writeWav } from '../../ml/audio/wavWriter';
import { panelCopy, panelReady } from '../../protocol/api/panel';
import { StudioError, errorKinds } from '../../protocol/wire/errors';
import { PostMessagePeer } from '../../protocol/wire/postMessage';
import { themeColors } from './colors';
import { pageCommands } from './commands';
import { decodeAudio } from './decodeAudio';
import { describeError } from './errorWords';
import { connectHost, type HostApi } from './host';
import { translator } from './i18n/translate';
import { Slice } from './slices';
import { createStore } from './store';

const t = translator('en');

it('calls only commands that the extension has', () => {
  expect(Object.values(commands)).toEqual(expect.arrayContaining(Object.values(pageCommands)));
});

describe('errors in words', () => {
  it('have a title for every kind', () => {
    for (const kind of errorKinds) {
      const words = describeError(new StudioError(kind, 'what happened', { retryable: true }), t);
      expect(words).toMatchObject({ kind, detail: 'what happened', retryable: true });
      expect(words.title).not.toBe('');
    }
  });

  it('say what code of the page itself found', () => {
    expect(describeError(new MlError('audio.invalid', 'x.wav: cut off'), t)).toEqual({
      kind: 'audio.invalid',
      title: 'This sound cannot be read',
      detail: 'x.wav: cut off',
      retryable: false,
    });
    expect(describeError(new TypeError('shader'), t)).toMatchObject({ kind: 'internal', detail: 'shader' });
  });
});

describe('the host', () => {
  /** A window that only passes messages on, and the panel's end. */
  function connected() {
    const target = new EventTarget();
    let kept: unknown;
    let toPanel: (message: unknown) => void = () => undefined;
    const api: HostApi = {
      postMessage: (message) => toPanel(message),
      getState: () => kept,
      setState: (state) => (kept = state),
    };
    const panel = new PostMessagePeer(
      {
        post: (data) => target.dispatchEvent(Object.assign(new Event('message'), { data })),
        listen: (handler) => {
          toPanel = handler;
          return () => undefined;
        },
      },
      (problem) => {
        throw problem;
      },
    );
    return {
      panel,
      host: connectHost(api, target as unknown as Window),
      setState: (state: unknown) => (kept = state),
    };
  }

  it('asks the panel and hears its errors with their kind', async () => {
    const { panel, host } = connected();
    panel.handle(panelReady, () => Promise.resolve({ language: 'fa', input: { a: 1 } }));
    panel.handle(panelCopy, () => Promise.reject(new StudioError('plugin.failed', 'no clipboard')));
    await expect(host.peer.call(panelReady, {})).resolves.toEqual({ language: 'fa', input: { a: 1 } });
    await expect(host.peer.call(panelCopy, { text: '' })).rejects.toMatchObject({ kind: 'plugin.failed' });
  });

  it('gives the state back, unless it no longer fits', () => {
    const { host, setState } = connected();
    const schema = z.object({ n: z.number() });
    expect(host.state(schema, { n: 0 })).toEqual({ n: 0 });
    host.setState({ n: 5 });
    expect(host.state(schema, { n: 0 })).toEqual({ n: 5 });
    setState({ n: 'five' });
    expect(host.state(schema, { n: 0 })).toEqual({ n: 0 });
  });
});

describe('the store', () => {
  it('shows many changes once, with what was shown before', () => {
    let flush: () => void = () => undefined;
    const store = createStore(0, (run) => (flush = run));
    const seen = vi.fn();
    store.subscribe(seen);
    store.update((n) => n + 1);
    store.update((n) => n + 1);
    expect(store.get()).toBe(2);
    expect(seen).not.toHaveBeenCalled();
    flush();
    expect(seen.mock.calls).toEqual([[2, 0]]);
    store.update((n) => n);
    flush = () => expect.unreachable('nothing changed');
  });
});

describe('slices', () => {
  it('give the page a turn once their time is up, and end when nobody waits', async () => {
    let now = 0;
    const pause = vi.fn(() => Promise.resolve());
    const controller = new AbortController();
    const slice = new Slice(controller.signal, 8, () => now, pause);
    await slice.breathe();
    expect(pause).not.toHaveBeenCalled();
    now = 9;
    await slice.breathe();
    expect(pause).toHaveBeenCalledTimes(1);
    await slice.breathe();
    expect(pause).toHaveBeenCalledTimes(1);
    controller.abort();
    await expect(slice.breathe()).rejects.toThrow();
  });
});

describe('sound files', () => {
  const never = (): Promise<never> => Promise.reject(new Error('not asked'));
  const buffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

  it('reads wav itself and leaves the rest to the decoder', async () => {
    const wav = writeWav({ sampleRate: 8000, channels: [Float32Array.of(0, 0.5, -0.5)] });
    const audio = await decodeAudio('a.bin', buffer(wav), never);
    expect(audio.sampleRate).toBe(8000);
    expect([...(audio.channels[0] ?? [])]).toEqual([0, 0.5, -0.5]);
    const decoded = { sampleRate: 48_000, channels: [Float32Array.of(1)] };
    await expect(
      decodeAudio('a.mp3', buffer(Uint8Array.of(1)), () => Promise.resolve(decoded)),
    ).resolves.toBe(decoded);
  });

  it('names the file that is no sound', async () => {
    const text = buffer(new TextEncoder().encode('this is no sound'));
    await expect(decodeAudio('broken.wav', text, never)).rejects.toThrow(/^broken\.wav: .*RIFF/);
    await expect(decodeAudio('broken.mp3', text, never)).rejects.toMatchObject({ code: 'audio.unsupported' });
    await expect(decodeAudio('none.mp3', new ArrayBuffer(0), never)).rejects.toThrow('none.mp3 is empty.');
  });
});

it('takes colours from the theme, else from the next best of it', () => {
  const theme: Record<string, string> = {
    '--vscode-charts-blue': ' #00f ',
    '--vscode-contrastBorder': '#fff',
  };
  const colors = themeColors((name) => theme[name] ?? '');
  expect(colors.accent).toBe('#00f');
  expect(colors.grid).toBe('#fff');
  expect(colors.series).toHaveLength(6);
  expect(new Set(colors.series).size).toBe(6);
});
