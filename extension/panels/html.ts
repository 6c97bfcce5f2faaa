/** The shell of a page: everything forbidden, then what a page of ours needs allowed by name. Pure. */
import type { Language } from '../text/translate';

export interface PageShell {
  /** Source of the page's own files, as VS Code names it. */
  readonly cspSource: string;
  readonly scriptUri: string;
  /** Absent when the page has no style sheet. */
  readonly styleUri?: string | undefined;
  readonly nonce: string;
  readonly language: Language;
  readonly title: string;
}

export function contentSecurityPolicy(cspSource: string, nonce: string): string {
  return [
    "default-src 'none'",
    // The nonce starts the page; its chunks come from our own folder. WASM is tf.js's engine.
    `script-src 'nonce-${nonce}' ${cspSource} 'wasm-unsafe-eval'`,
    // The toolkit's components and the charts set styles on their own elements.
    `style-src ${cspSource} 'unsafe-inline'`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data: blob:`,
    `media-src ${cspSource} blob:`,
    `connect-src ${cspSource} data: blob:`,
    'worker-src blob:',
  ].join('; ');
}

export function pageHtml(shell: PageShell): string {
  const { cspSource, scriptUri, styleUri, nonce, language, title } = shell;
  const policy = contentSecurityPolicy(cspSource, nonce);
  const style = styleUri === undefined ? '' : `\n  <link rel="stylesheet" href="${escapeHtml(styleUri)}">`;
  return `<!DOCTYPE html>
<html lang="${language}" dir="${language === 'fa' ? 'rtl' : 'ltr'}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escapeHtml(title)}</title>${style}
</head>
<body>
  <script type="module" nonce="${nonce}" src="${escapeHtml(scriptUri)}"></script>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
