import { modelsProgress } from '../../protocol/api/models';
import type { ParamsIn, RequestSpec, Result } from '../../protocol/wire/spec';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { formatBytes } from '../text/format';
import { t } from '../text/translate';
import { withNotice } from './notice';

/** Calls with a notification that shows bytes and file, and that can be cancelled. */
export function callWithBytes<R extends RequestSpec>(
  services: Services,
  title: string,
  spec: R,
  params: ParamsIn<R>,
): Thenable<Result<R>> {
  return withNotice(title, (signal, report) => {
    let shown = 0;
    const onProgress = (value: unknown): void => {
      const parsed = modelsProgress.safeParse(value);
      if (!parsed.success || parsed.data.bytesTotal === 0) return;
      const { file, bytesDone, bytesTotal } = parsed.data;
      const percent = (bytesDone / bytesTotal) * 100;
      report(
        t('{0} of {1}: {2}', formatBytes(bytesDone), formatBytes(bytesTotal), isolate(file)),
        percent - shown,
      );
      shown = percent;
    };
    return services.client.callWatched(spec, params, { signal, onProgress });
  });
}
