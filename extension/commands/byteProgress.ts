import * as vscode from 'vscode';
import { modelsProgress } from '../../protocol/api/models';
import type { ParamsIn, RequestSpec, Result } from '../../protocol/wire/spec';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { formatBytes } from '../text/format';
import { t } from '../text/translate';

/** Calls with a notification that shows bytes and file, and that can be cancelled. */
export function callWithBytes<R extends RequestSpec>(
  services: Services,
  title: string,
  spec: R,
  params: ParamsIn<R>,
): Thenable<Result<R>> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, cancellation) => {
    const controller = new AbortController();
    const stop = cancellation.onCancellationRequested(() => controller.abort());
    let shown = 0;
    const onProgress = (value: unknown): void => {
      const parsed = modelsProgress.safeParse(value);
      if (!parsed.success || parsed.data.bytesTotal === 0) return;
      const { file, bytesDone, bytesTotal } = parsed.data;
      const percent = (bytesDone / bytesTotal) * 100;
      const message = t('{0} of {1}: {2}', formatBytes(bytesDone), formatBytes(bytesTotal), isolate(file));
      progress.report({ message, increment: percent - shown });
      shown = percent;
    };
    try {
      return await services.client.callWatched(spec, params, { signal: controller.signal, onProgress });
    } finally {
      stop.dispose();
    }
  });
}
