/** Theme colours for what is drawn on a canvas, where CSS variables do not reach. */

export interface ThemeColors {
  readonly foreground: string;
  readonly muted: string;
  readonly background: string;
  readonly grid: string;
  readonly accent: string;
  readonly selection: string;
  readonly font: string;
  /** Told apart on every VS Code theme; series also differ by dash, never by colour alone. */
  readonly series: readonly string[];
}

const fallbackSeries = ['#3794ff', '#d18616', '#89d185', '#b180d7', '#f14c4c', '#cca700'];
const seriesVariables = ['blue', 'orange', 'green', 'purple', 'red', 'yellow'];

/** `read` gives the value of a CSS variable, empty when the theme has none. */
export function themeColors(read: (variable: string) => string): ThemeColors {
  const value = (fallback: string, ...names: string[]): string => {
    for (const name of names) {
      const found = read(`--vscode-${name}`).trim();
      if (found !== '') return found;
    }
    return fallback;
  };
  return {
    foreground: value('#cccccc', 'foreground', 'editor-foreground'),
    muted: value('#9d9d9d', 'descriptionForeground', 'foreground'),
    background: value('#1f1f1f', 'editor-background'),
    grid: value(
      'rgba(128,128,128,0.25)',
      'contrastBorder',
      'editorWidget-border',
      'panel-border',
      'widget-border',
    ),
    accent: value('#3794ff', 'charts-blue', 'focusBorder'),
    selection: value('rgba(55,148,255,0.25)', 'editor-selectionBackground'),
    font: value('system-ui, sans-serif', 'font-family'),
    series: seriesVariables.map((name, index) => value(fallbackSeries[index] ?? '#3794ff', `charts-${name}`)),
  };
}

export function currentColors(): ThemeColors {
  const style = getComputedStyle(document.documentElement);
  return themeColors((name) => style.getPropertyValue(name));
}

/** VS Code replaces the variables on `<html>` and the class of `<body>` when the theme changes. */
export function onThemeChange(listener: () => void): () => void {
  let scheduled = false;
  const observer = new MutationObserver(() => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      listener();
    });
  });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  return () => observer.disconnect();
}
