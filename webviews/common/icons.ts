/** The product icons that pages use, inlined: a webview needs no icon font. They say nothing to a screen reader. */
import add from '@vscode/codicons/src/icons/add.svg';
import beaker from '@vscode/codicons/src/icons/beaker.svg';
import check from '@vscode/codicons/src/icons/check.svg';
import circleSlash from '@vscode/codicons/src/icons/circle-slash.svg';
import clock from '@vscode/codicons/src/icons/clockface.svg';
import code from '@vscode/codicons/src/icons/code.svg';
import cloudDownload from '@vscode/codicons/src/icons/cloud-download.svg';
import copy from '@vscode/codicons/src/icons/copy.svg';
import error from '@vscode/codicons/src/icons/error.svg';
import folderOpened from '@vscode/codicons/src/icons/folder-opened.svg';
import history from '@vscode/codicons/src/icons/history.svg';
import info from '@vscode/codicons/src/icons/info.svg';
import key from '@vscode/codicons/src/icons/key.svg';
import law from '@vscode/codicons/src/icons/law.svg';
import linkExternal from '@vscode/codicons/src/icons/link-external.svg';
import lock from '@vscode/codicons/src/icons/lock.svg';
import pass from '@vscode/codicons/src/icons/pass.svg';
import pause from '@vscode/codicons/src/icons/debug-pause.svg';
import play from '@vscode/codicons/src/icons/play.svg';
import pulse from '@vscode/codicons/src/icons/pulse.svg';
import question from '@vscode/codicons/src/icons/question.svg';
import refresh from '@vscode/codicons/src/icons/refresh.svg';
import repeat from '@vscode/codicons/src/icons/sync.svg';
import save from '@vscode/codicons/src/icons/save.svg';
import skipBack from '@vscode/codicons/src/icons/debug-reverse-continue.svg';
import skipForward from '@vscode/codicons/src/icons/debug-continue.svg';
import starFull from '@vscode/codicons/src/icons/star-full.svg';
import stop from '@vscode/codicons/src/icons/debug-stop.svg';
import unmute from '@vscode/codicons/src/icons/unmute.svg';
import warning from '@vscode/codicons/src/icons/warning.svg';
import zoomIn from '@vscode/codicons/src/icons/zoom-in.svg';
import zoomOut from '@vscode/codicons/src/icons/zoom-out.svg';

const sources = {
  add,
  beaker,
  check,
  circleSlash,
  clock,
  code,
  cloudDownload,
  copy,
  error,
  folderOpened,
  history,
  info,
  key,
  law,
  linkExternal,
  lock,
  pass,
  pause,
  play,
  pulse,
  question,
  refresh,
  repeat,
  save,
  skipBack,
  skipForward,
  starFull,
  stop,
  unmute,
  warning,
  zoomIn,
  zoomOut,
};
export type IconName = keyof typeof sources;

export function icon(name: IconName): SVGElement {
  const parsed = new DOMParser().parseFromString(sources[name], 'image/svg+xml').documentElement;
  const svg = document.importNode(parsed, true) as unknown as SVGElement;
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  svg.classList.add('icon');
  return svg;
}
