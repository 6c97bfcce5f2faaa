import { dataset as datasetSchema, type Dataset } from '../../protocol/model/dataset';
import { StudioError } from '../../protocol/wire/errors';
import type { Database, Row } from '../database/database';
import { toJson } from '../database/text';
import { iso, localUserId } from './rows';

export type DatasetInput = Omit<Dataset, 'id' | 'createdAt' | 'seq'>;

const columns = 'id, name, type, file_path, size_mb, items, warnings, errors, stats, created_at, seq';
const bytesPerMegabyte = 1e6;

export class DatasetsStore {
  constructor(private readonly db: Database) {}

  /** One row for each path; importing it again renews the facts. */
  async upsert(input: DatasetInput): Promise<Dataset> {
    const [row] = await this.db.query(
      `INSERT INTO datasets (user_id, name, type, file_path, size_mb, items, warnings, errors, stats)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb)
       ON CONFLICT (file_path) DO UPDATE SET name = excluded.name, type = excluded.type, size_mb = excluded.size_mb,
         items = excluded.items, warnings = excluded.warnings, errors = excluded.errors, stats = excluded.stats
       RETURNING ${columns}`,
      [
        localUserId,
        input.name,
        input.format,
        input.path,
        input.sizeBytes / bytesPerMegabyte,
        input.items,
        input.warnings,
        input.errors,
        toJson(input.stats),
      ],
    );
    return toDataset(row as Row);
  }

  /** Oldest first. */
  async list(): Promise<Dataset[]> {
    return (await this.db.query(`SELECT ${columns} FROM datasets ORDER BY created_at, id`)).map(toDataset);
  }

  /** Rejects with `dataset.notFound`. */
  async get(id: string): Promise<Dataset> {
    const [row] = await this.db.query(`SELECT ${columns} FROM datasets WHERE id = $1`, [id]);
    return found(row && toDataset(row), id);
  }

  /** Its files stay. Answers it as it was; rejects with `dataset.notFound`. */
  async remove(id: string): Promise<Dataset> {
    const [row] = await this.db.query(`DELETE FROM datasets WHERE id = $1 RETURNING ${columns}`, [id]);
    return found(row && toDataset(row), id);
  }
}

function found(dataset: Dataset | undefined, id: string): Dataset {
  if (dataset !== undefined) return dataset;
  throw new StudioError('dataset.notFound', `There is no data set ${id} in the list; list them again.`, {
    details: { id },
  });
}

function toDataset(row: Row): Dataset {
  return datasetSchema.parse({
    id: row['id'],
    name: row['name'],
    format: row['type'],
    path: row['file_path'],
    // Whole bytes again: a double holds the quotient exactly enough up to a petabyte.
    sizeBytes: Math.round((row['size_mb'] as number) * bytesPerMegabyte),
    items: row['items'],
    warnings: row['warnings'],
    errors: row['errors'],
    stats: row['stats'],
    createdAt: iso(row['created_at']),
    seq: row['seq'],
  });
}
