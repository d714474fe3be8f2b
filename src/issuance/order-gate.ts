import { sha256Hex } from '../base/canonical-json.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { CardFields } from '../domain/card-fields.ts';
import { mediaOf, type BlankKind, type DocumentKind, type Mode } from '../domain/document.ts';
import { isSpecimenNumber } from '../domain/nik.ts';
import type { PrintOrder } from '../domain/print-order.ts';
import type { PrintMaterial } from '../registry/ports.ts';
import type { AttemptProblem } from './attempt-problem.ts';
import type { DocumentWorks } from './ports.ts';

export interface CheckedCard {
  readonly media: 'controlledBlank';
  readonly order: PrintOrder;
  readonly blankKind: BlankKind;
  readonly orderDigest: string;
  readonly fields: CardFields;
  readonly photoJpeg: Uint8Array | null;
}

export interface CheckedPaper {
  readonly media: 'plainPaper';
  readonly order: PrintOrder;
  readonly orderDigest: string;
  readonly pdf: Uint8Array;
  readonly pages: number;
}

/** Material that a signed order covers to the last byte. Only `checkMaterial` makes one. */
export type CheckedMaterial = CheckedCard | CheckedPaper;

export interface OrderExpectation {
  readonly mode: Mode;
  readonly requestId: string;
  readonly attemptId: string;
  readonly terminalId: string;
  readonly documentKind: DocumentKind;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

export interface GateFault {
  readonly code: string;
  readonly problem: AttemptProblem;
}

/** The digests that an order is held against; tests weaken one at a time to see that it matters. */
export interface GateRules {
  readonly contentMatches: (order: PrintOrder, digest: string) => boolean;
  readonly photoMatches: (order: PrintOrder, digest: string | null) => boolean;
}

export const gateRules: GateRules = {
  contentMatches: (order, digest) => order.contentDigest === digest,
  photoMatches: (order, digest) => order.photoDigest === digest,
};

/**
 * Holds the material against its order and the order against what was reserved. Nothing has moved when
 * it runs, and nothing moves unless it says `ok`.
 */
export async function checkMaterial(
  material: PrintMaterial,
  expected: OrderExpectation,
  works: DocumentWorks,
  rules: GateRules = gateRules,
): Promise<Result<CheckedMaterial, GateFault>> {
  const order = await works.readOrder(material.orderJws);
  if (!order.ok) return refused(`order.${order.error.kind}`);
  const wrong = orderFault(order.value, expected);
  if (wrong !== null) return refused(wrong);
  const orderDigest = sha256Hex(material.orderJws);
  if (mediaOf[order.value.documentKind] !== material.media) return refused('order.media');

  if (material.media === 'plainPaper') {
    const pdf = Buffer.from(material.pdfBase64, 'base64');
    if (!rules.contentMatches(order.value, sha256Hex(pdf))) return altered('content.digest');
    const { pages } = order.value;
    if (pages === null) return refused('order.pages');
    const checked = await works.checkPdf(pdf, { pages });
    if (!checked.ok) return altered(`pdf.${checked.error.kind}`);
    return ok({ media: 'plainPaper', order: order.value, orderDigest, pdf, pages });
  }

  const { fields } = material;
  const photoJpeg =
    material.photoJpegBase64 === null ? null : Buffer.from(material.photoJpegBase64, 'base64');
  if (!rules.contentMatches(order.value, works.contentDigest(fields))) {
    return altered('content.digest');
  }
  const photoDigest = photoJpeg === null ? null : sha256Hex(photoJpeg);
  if (!rules.photoMatches(order.value, photoDigest)) return altered('photo.digest');
  if (fields.documentKind !== order.value.documentKind) return refused('order.fieldsKind');
  if (
    numbersOf(fields).some((number) => isSpecimenNumber(number) !== (expected.mode === 'specimen'))
  ) {
    return refused('order.numbersOfOtherMode');
  }
  const { blankKind } = order.value;
  if (blankKind === null || !blanksFor[fields.documentKind].includes(blankKind)) {
    return refused('order.blankKind');
  }
  return ok({
    media: 'controlledBlank',
    order: order.value,
    blankKind,
    orderDigest,
    fields,
    photoJpeg,
  });
}

const blanksFor: Readonly<Record<CardFields['documentKind'], readonly BlankKind[]>> = {
  ktpEl: ['ktpEl', 'ktpElWna'],
  kia: ['kia'],
};

/** Blanks of these kinds carry a chip that is written before they are printed. */
export const hasChip = (kind: BlankKind): boolean => kind !== 'kia';

function orderFault(order: PrintOrder, expected: OrderExpectation): string | null {
  if (order.mode !== expected.mode) return 'order.mode';
  if (order.requestId !== expected.requestId) return 'order.otherRequest';
  if (order.attemptId !== expected.attemptId) return 'order.otherAttempt';
  if (order.terminalId !== expected.terminalId) return 'order.otherTerminal';
  if (order.documentKind !== expected.documentKind) return 'order.otherKind';
  return order.expiresAt * 1000 <= expected.now ? 'order.expired' : null;
}

function numbersOf(fields: CardFields): readonly string[] {
  switch (fields.documentKind) {
    case 'ktpEl':
      return [fields.nik];
    case 'kia':
      return [fields.nik, fields.kkNumber];
  }
}

const refused = (code: string): Result<never, GateFault> => err({ code, problem: 'orderInvalid' });
const altered = (code: string): Result<never, GateFault> =>
  err({ code, problem: 'documentAltered' });
