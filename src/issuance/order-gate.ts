import { err, ok, type Result } from '../base/result.ts';
import type { CardFields } from '../domain/card-fields.ts';
import type { BlankKind } from '../domain/document.ts';
import type { PrintOrder } from '../domain/print-order.ts';
import type { Fingerprint, PrintMaterial } from '../registry/ports.ts';
import type { DocumentChecks } from './document-checks.ts';
import type { GateFault, OrderExpectation } from './ports.ts';

export interface CheckedCard {
  readonly media: 'controlledBlank';
  readonly order: PrintOrder;
  readonly blankKind: BlankKind;
  readonly fields: CardFields;
  readonly photo: Uint8Array | null;
  readonly fingerprints: readonly Fingerprint[];
}

export interface CheckedPaper {
  readonly media: 'plainPaper';
  readonly order: PrintOrder;
  readonly pdf: Uint8Array;
  readonly pages: number;
}

/** Material that a signed order covers to the last byte. Only `checkMaterial` makes one. */
export type CheckedMaterial = CheckedCard | CheckedPaper;

/** Faults that say "this is not what the registry signed"; all others say that the order is not for us. */
const ALTERED: ReadonlySet<string> = new Set([
  'contentAltered',
  'photoAltered',
  'fingerprintsAltered',
  'badSignature',
]);

/**
 * Holds the material against its order and the order against what was reserved. Nothing has moved when
 * it runs, and nothing moves unless it says `ok`.
 */
export async function checkMaterial(
  material: PrintMaterial,
  expected: OrderExpectation,
  checks: DocumentChecks,
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
          fingerprints: material.fingerprints,
        };
  const checked = await checks.checkOrder(material.orderJws, expected, content);
  if (!checked.ok) return fault('order', checked.error.kind);
  const order = checked.value;
  if (order.documentKind !== expected.documentKind) return fault('order', 'wrongKind');

  if ('pdf' in content) {
    const { pages } = order;
    if (pages === null) return fault('order', 'noPages');
    const signed = await checks.checkPdf(content.pdf, pages);
    if (!signed.ok) return err({ code: `pdf.${signed.error.kind}`, problem: 'documentAltered' });
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
