import { describe, expect, it, vi } from 'vitest';
import type { PluginInfo } from '../protocol/model/plugin';

vi.mock('vscode', () => ({}));
const { brokenSentence } = await import('./brokenPlugins');

const plugin: PluginInfo = {
  id: 'lacks',
  kind: 'training-task',
  title: 'lacks',
  path: '/extensions/someone/lacks.mjs',
  extensionId: 'someone.broken',
  loaded: false,
  error: 'prepare: must be a function',
};

describe('a plugin that brings no task', () => {
  it('is named with its extension and its mistake', () => {
    const sentence = brokenSentence(plugin);
    for (const part of ['lacks.mjs', 'someone.broken', 'prepare: must be a function'])
      expect(sentence).toContain(part);
    expect(sentence).not.toContain('/extensions');
  });

  it('is named by its path where the workspace has it', () => {
    expect(brokenSentence({ ...plugin, extensionId: undefined })).toContain('/extensions/someone/lacks.mjs');
  });

  it('is not spoken of while it works', () => {
    expect(brokenSentence({ ...plugin, loaded: true })).toBeUndefined();
  });
});
