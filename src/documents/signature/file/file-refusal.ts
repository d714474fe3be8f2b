import type { SignatureError } from '../signature-error.ts';

/** Thrown and caught within this folder alone: where a file stops being one that may be printed. */
export class FileRefusal extends Error {
  override readonly name = 'FileRefusal';
  readonly error: SignatureError;

  constructor(error: SignatureError) {
    super(error.kind);
    this.error = error;
  }
}

export function malformed(detail: string): never {
  throw new FileRefusal({ kind: 'fileMalformed', detail });
}
