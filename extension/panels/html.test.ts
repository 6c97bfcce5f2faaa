import { expect, it } from 'vitest';
import { contentSecurityPolicy, pageHtml } from './html';

const shell = {
  cspSource: "'self' https://files.example",
  scriptUri: 'https://files.example/training.js',
  nonce: 'n0nce',
  language: 'en',
  title: 'A "title" <b>',
} as const;

it('allows nothing by default, and no inline or foreign script', () => {
  const policy = contentSecurityPolicy(shell.cspSource, shell.nonce);
  expect(policy.startsWith("default-src 'none'; ")).toBe(true);
  const script = policy.split('; ').find((rule) => rule.startsWith('script-src'));
  expect(script).toBe("script-src 'nonce-n0nce' 'self' https://files.example 'wasm-unsafe-eval'");
  expect(policy).not.toContain("'unsafe-eval'");
  expect(policy).not.toMatch(/https?:(?!\/\/files\.example)/);
});

it('writes the language and direction, and escapes what it is given', () => {
  expect(pageHtml(shell)).toContain('<html lang="en" dir="ltr">');
  expect(pageHtml({ ...shell, language: 'fa' })).toContain('<html lang="fa" dir="rtl">');
  expect(pageHtml(shell)).toContain('<title>A &quot;title&quot; &lt;b&gt;</title>');
});

it('links a style sheet only when there is one', () => {
  expect(pageHtml(shell)).not.toContain('stylesheet');
  expect(pageHtml({ ...shell, styleUri: 'https://files.example/training.css' })).toContain(
    '<link rel="stylesheet" href="https://files.example/training.css">',
  );
});
