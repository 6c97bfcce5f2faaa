/** The backend's stderr: pino's JSON lines, and whatever else a process may print there. */

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
}

/** Cuts a stream of text into lines. */
export class LineSplitter {
  private rest = '';

  constructor(private readonly onLine: (line: string) => void) {}

  push(text: string): void {
    const lines = (this.rest + text).split(/\r?\n/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') this.onLine(line);
  }

  end(): void {
    if (this.rest.trim() !== '') this.onLine(this.rest);
    this.rest = '';
  }
}

/** Fields that say nothing to a reader of the log. */
const hidden = new Set(['level', 'time', 'pid', 'hostname', 'msg']);

export function readLogLine(line: string): LogLine {
  const record = parseRecord(line);
  if (record === undefined) return { level: 'info', message: line };
  const facts = Object.entries(record).filter(([key]) => !hidden.has(key));
  const message = typeof record['msg'] === 'string' ? record['msg'] : '';
  const rest = facts.map(([key, value]) => `${key}=${show(value)}`).join(' ');
  return {
    level: levelOf(record['level']),
    message: [message, rest].filter((part) => part !== '').join('  '),
  };
}

function parseRecord(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // Not one of pino's lines: shown as it is.
  }
}

function show(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && 'stack' in value && typeof value.stack === 'string')
    return value.stack;
  return JSON.stringify(value);
}

/** pino's numbers: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal. */
function levelOf(level: unknown): LogLevel {
  if (typeof level !== 'number') return 'info';
  if (level >= 50) return 'error';
  if (level >= 40) return 'warn';
  if (level >= 30) return 'info';
  return level >= 20 ? 'debug' : 'trace';
}
