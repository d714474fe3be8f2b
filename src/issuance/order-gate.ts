import { err, ok, type Result } from '../base/result.ts';
import type { CardFields } from '../domain/card-fields.ts';
import type { BlankKind, DocumentKind } from '../domain/document.ts';
import type { PrintOrder } from '../domain/print-order.ts';
import type { PrintOrderExpectation } from '../documents/order-digest.ts';
import type { PrintMaterial } from '../registry/ports.ts';
import type { AttemptProblem } from '../domain/attempt-problem.ts';
import type { DocumentWorks } from './ports.ts';

export interface CheckedCard {
  readonly media: 'controlledBlank';
  readonly order: PrintOrder;
  readonly blankKind: BlankKind;
  readonly fields: CardFields;
  readonly photo: Uint8Array | null;
}

export interface CheckedPaper {
  readonly media: 'plainPaper';
  readonly order: PrintOrder;
  readonly pdf: Uint8Array;
  readonly pages: number;
}

/** Material that a signed order covers to the last byte. Only `checkMaterial` makes one. */
export type CheckedMaterial = CheckedCard | CheckedPaper;

export interface OrderExpectation extends PrintOrderExpectation {
  /** What the claimant chose and the registry reserved. */
  readonly documentKind: DocumentKind;
}

export interface GateFault {
  readonly code: string;
  readonly problem: AttemptProblem;
}

/** Faults that say "this is not what the registry signed"; all others say that the order is not for us. */
const ALTERED: ReadonlySet<string> = new Set(['contentAltered', 'photoAltered', 'badSignature']);

/** The process that checks and composes broke or took too long, which says nothing of the document. */
export const isNotDone = (kind: string): boolean => kind === 'composeFailed' || kind === 'timedOut';

/**
 * Holds the material against its order and the order against what was reserved. Nothing has moved when
 * it runs, and nothing moves unless it says `ok`.
 */
export async function checkMaterial(
  material: PrintMaterial,
  expected: OrderExpectation,
  works: DocumentWorks,
): Promise<Result<CheckedMaterial, GateFault>> {
  const content =
    material.media === 'plainPaper'
      ? { pdf: Buffer.from(material.pdfBase64, 'base64') }
      : {
          fields: material.fields,
          photo:
            material.photoJpegBase64 === null
              ? null
              : Buffer.from(material.photoJpegBase64, 'base64'),
        };
  const checked = await works.checkOrder(material.orderJws, expected, content);
  if (!checked.ok) return fault('order', checked.error.kind);
  const order = checked.value;
  if (order.documentKind !== expected.documentKind) return fault('order', 'wrongKind');

  if ('pdf' in content) {
    const { pages } = order;
    if (pages === null) return fault('order', 'noPages');
    const signed = await works.checkPdf(content.pdf, pages);
    if (!signed.ok) {
      const { kind } = signed.error;
      const problem = isNotDone(kind) ? 'checkNotDone' : 'documentAltered';
      return err({ code: `pdf.${kind}`, problem });
    }
    return ok({ media: 'plainPaper', order, pdf: content.pdf, pages });
  }
  const { blankKind } = order;
  if (blankKind === null) return fault('order', 'wrongBlank');
  return ok({ media: 'controlledBlank', order, blankKind, ...content });
}

/** Blanks of these kinds carry a chip that is written before they are printed. */
export const hasChip = (kind: BlankKind): boolean => kind !== 'kia';

const fault = (area: string, kind: string): Result<never, GateFault> =>
  err({ code: `${area}.${kind}`, problem: ALTERED.has(kind) ? 'documentAltered' : 'orderInvalid' });
