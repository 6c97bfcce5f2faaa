/** Where data sets are worked on: keeps the rows of those that are open. */
import path from 'node:path';
import { language } from '../language/say';
import { ClipCache } from './clipCache';
import { inspectDataset, type FullReport } from './inspect';
import type { DatasetWork, Place, Watched } from './work';

export class DatasetDesk implements DatasetWork {
  /** `storagePath`: where what was found in clips is remembered. */
  constructor(private readonly storagePath: string) {}

  async inspect(place: Place, { signal, onProgress }: Watched): Promise<FullReport> {
    const clips = await ClipCache.open(path.join(this.storagePath, 'datasets'), place.path, language());
    const { report } = await inspectDataset(place.path, {
      format: place.format,
      signal,
      clips,
      ...(onProgress && { onProgress }),
    });
    await clips.save();
    return report;
  }
}
