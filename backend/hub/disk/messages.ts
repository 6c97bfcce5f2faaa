/** What the thread that writes small files is told, and answers. Both ends are of one build: nothing is parsed. */

/** A file of which every byte is here and proved. */
export interface WholeFile {
  /** Where it is written; nothing lies there. */
  readonly partial: string;
  /** Its name once it is durable. */
  readonly destination: string;
  /** With a buffer of its own, which is handed over. */
  readonly content: Uint8Array<ArrayBuffer>;
  /** A small text that is written after the file has its name. */
  readonly note?: { readonly path: string; readonly text: string } | undefined;
}

export interface PutRequest {
  readonly id: number;
  readonly file: WholeFile;
}

/** `failed`: nothing of the file is left, and somebody else has to write it. */
export interface PutAnswer {
  readonly id: number;
  readonly outcome: 'named' | 'failed';
  /** Whether the note was written too. */
  readonly noted: boolean;
}
