import { err, ok, type Result } from '../../../base/result.ts';
import type { SignatureError } from '../signature-error.ts';
import { checkObject, checkTrailer } from './allowed.ts';
import type { Cos } from './cos.ts';
import { FileRefusal } from './file-refusal.ts';
import { checkPageTree } from './page-tree.ts';
import { newest, readPdfFile, type Revision } from './pdf-file.ts';
import { checkReplaced } from './replaced.ts';
import { checkSignatureField } from './signature-field.ts';
import { countForms, unfoldAll } from './streams.ts';

/**
 * Whether all of a file is what a document to be printed is made of, every byte accounted for: nothing that
 * acts, hides, reaches out, or unfolds beyond measure, and one signature field.
 */
export function checkFile(bytes: Uint8Array): Result<void, SignatureError> {
  try {
    const revisions = readPdfFile(bytes);
    for (const { trailer, objects } of revisions) {
      checkTrailer(trailer);
      for (const one of objects) checkObject(one);
    }
    checkReplaced(revisions);
    const objects = newest(revisions);
    const unfolded = unfoldAll(revisions.flatMap((revision) => revision.objects));
    const root = rootOf(revisions);
    const pages = checkPageTree(objects, root);
    checkSignatureField(objects, root);
    countForms(objects, unfolded, pages);
    return ok(undefined);
  } catch (cause) {
    if (cause instanceof FileRefusal) return err(cause.error);
    throw cause;
  }
}

const rootOf = (revisions: readonly Revision[]): Cos | undefined =>
  revisions.at(-1)?.trailer.entries.get('Root');
