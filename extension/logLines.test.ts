import { expect, it } from 'vitest';
import { LineSplitter, readLogLine } from './logLines';

it('cuts text that arrives in pieces into lines', () => {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  splitter.push('one\r\ntw');
  splitter.push('o\n\nthr');
  splitter.push('ee');
  expect(lines).toEqual(['one', 'two']);
  splitter.end();
  expect(lines).toEqual(['one', 'two', 'three']);
});

it("reads pino's lines with their level and facts", () => {
  expect(readLogLine('{"level":40,"time":"2026-01-01","pid":7,"repo":"a/b","ms":12,"msg":"slow"}')).toEqual({
    level: 'warn',
    message: 'slow  repo=a/b ms=12',
  });
  expect(readLogLine('{"level":60,"err":{"message":"x","stack":"Error: x\\n  at y"},"msg":"bad"}')).toEqual({
    level: 'error',
    message: 'bad  err=Error: x\n  at y',
  });
});

it('shows other text as it is', () => {
  expect(readLogLine('(node:1) Warning: x')).toEqual({ level: 'info', message: '(node:1) Warning: x' });
  expect(readLogLine('{not json')).toEqual({ level: 'info', message: '{not json' });
});
