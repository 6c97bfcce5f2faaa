/** What other backends on the same server do with downloads and models reaches the clients of this one. */
import type { Download } from '../../../protocol/model/download';
import type { Model } from '../../../protocol/model/model';
import { RowFollower, type FollowedRows } from '../rowFollower';
import { LiveFiles, type LiveFilesOptions } from './liveFiles';

export interface CompanyOptions extends LiveFilesOptions {
  readonly downloads: FollowedRows<Download>;
  readonly models: FollowedRows<Model>;
}

export class Company {
  private readonly downloads: RowFollower<Download>;
  private readonly models: RowFollower<Model>;
  private readonly files: LiveFiles;
  private hadCompany = false;

  constructor(private readonly options: CompanyOptions) {
    this.downloads = new RowFollower(options.downloads);
    this.models = new RowFollower(options.models);
    this.files = new LiveFiles(options);
  }

  /** Where nobody else may see the rows, this is all that ever happens. */
  watchFiles(id: string): () => void {
    return this.files.watch(id);
  }

  async begin(): Promise<void> {
    await this.downloads.begin();
    await this.models.begin();
  }

  /** One question to the database as long as this backend is alone. */
  async look(): Promise<void> {
    const has = await this.options.store.claims.hasCompany();
    // Once more after the last one went: what it did at its end is news too.
    if (!has && !this.hadCompany) return;
    this.hadCompany = has;
    this.files.setCompany(has);
    await this.files.record();
    // The model first: whoever hears that a download is complete can look it up.
    await this.models.look();
    await this.downloads.look();
    await this.files.look();
  }

  close(): void {
    this.files.setCompany(false);
  }
}
