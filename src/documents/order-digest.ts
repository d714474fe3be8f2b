import { compactVerify, errors, importJWK, type JWK } from 'jose';
import * as z from 'zod';
import { digestOfJson, sha256Hex } from '../base/canonical-json.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { CardFields } from '../domain/card-fields.ts';
import type { Mode } from '../domain/document.ts';
import { printOrderSchema, type PrintOrder } from '../domain/print-order.ts';
import { numberErrorOf, type NumberError } from './specimen/numbers.ts';

/** A finger on the chip, as it came. */
interface FingerContent {
  readonly finger: string;
  readonly format: string;
  readonly templateBase64: string;
}

/** What is about to be printed: the fields and photo of a card with what its chip holds besides, or a signed PDF. */
export type PrintContent =
  | {
      readonly fields: CardFields;
      readonly photo: Uint8Array | null;
      readonly fingerprints: readonly FingerContent[];
    }
  | { readonly pdf: Uint8Array };

export interface PrintOrderExpectation {
  readonly terminalId: string;
  readonly requestId: string;
  readonly attemptId: string;
  readonly mode: Mode;
}

export type PrintOrderError =
  | NumberError
  | { readonly kind: 'malformed' }
  | { readonly kind: 'badSignature' }
  | { readonly kind: 'wrongMode' }
  | { readonly kind: 'wrongTerminal' }
  | { readonly kind: 'wrongRequest' }
  | { readonly kind: 'wrongAttempt' }
  | { readonly kind: 'expired' }
  /** The order is for another kind of document than what came with it. */
  | { readonly kind: 'wrongKind' }
  /** The blank named by the order does not go with its document. */
  | { readonly kind: 'wrongBlank' }
  | { readonly kind: 'contentAltered' }
  | { readonly kind: 'photoAltered' }
  | { readonly kind: 'fingerprintsAltered' }
  /** A live KTP-el that nobody's finger is asked for, or a document without a chip that one is asked for. */
  | { readonly kind: 'wrongHolderCheck' };

/** SHA-256 of the canonical JSON of every printed field. */
export const cardContentDigest = (fields: CardFields): string => digestOfJson(fields);

/** SHA-256 of a photo's bytes as they came. */
export const photoDigest = (photo: Uint8Array): string => sha256Hex(photo);

/** SHA-256 of the canonical JSON of the fingers in the order in which they came; null where there are none. */
export const fingerprintsDigest = (fingerprints: readonly FingerContent[]): string | null =>
  fingerprints.length === 0 ? null : digestOfJson(fingerprints.map((one) => ({ ...one })));

/** SHA-256 of a signed PDF's bytes as they came. */
export const pdfDigest = (pdf: Uint8Array): string => sha256Hex(pdf);

/**
 * Whether a print order (compact JWS, RFC 7515, EdDSA as in RFC 8037) is the registry's, is meant for this
 * terminal and attempt now, and covers exactly this content. Nothing may move before the answer is ok.
 */
export async function checkPrintOrder(check: {
  readonly jws: string;
  readonly publicJwk: JWK;
  readonly expected: PrintOrderExpectation;
  readonly content: PrintContent;
  readonly nowSeconds: number;
}): Promise<Result<PrintOrder, PrintOrderError>> {
  const opened = await openPrintOrder(check.jws, check.publicJwk);
  if (!opened.ok) return opened;
  const order = opened.value;
  const error =
    addressErrorOf(order, check.expected, check.nowSeconds) ??
    blankErrorOf(order, check.content) ??
    holderErrorOf(order) ??
    contentErrorOf(order, check.content);
  return error === null ? ok(order) : err(error);
}

async function openPrintOrder(
  jws: string,
  publicJwk: JWK,
): Promise<Result<PrintOrder, PrintOrderError>> {
  const key = await importJWK(publicJwk, 'EdDSA');
  let payload: Uint8Array;
  try {
    ({ payload } = await compactVerify(jws, key, { algorithms: ['EdDSA', 'Ed25519'] }));
  } catch (error) {
    if (error instanceof errors.JWSInvalid) return err({ kind: 'malformed' });
    if (error instanceof errors.JOSEError) return err({ kind: 'badSignature' });
    throw error;
  }
  const parsed = orderText.safeParse(new TextDecoder().decode(payload));
  return parsed.success ? ok(parsed.data) : err({ kind: 'malformed' });
}

const orderText = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  })
  .pipe(printOrderSchema);

function addressErrorOf(
  order: PrintOrder,
  expected: PrintOrderExpectation,
  nowSeconds: number,
): PrintOrderError | null {
  if (order.mode !== expected.mode) return { kind: 'wrongMode' };
  if (order.terminalId !== expected.terminalId) return { kind: 'wrongTerminal' };
  if (order.requestId !== expected.requestId) return { kind: 'wrongRequest' };
  if (order.attemptId !== expected.attemptId) return { kind: 'wrongAttempt' };
  return nowSeconds >= order.expiresAt ? { kind: 'expired' } : null;
}

function blankErrorOf(order: PrintOrder, content: PrintContent): PrintOrderError | null {
  const kind = 'fields' in content ? content.fields.documentKind : 'kk';
  if (order.documentKind !== kind) return { kind: 'wrongKind' };
  return order.blankKind === blankFor(content) ? null : { kind: 'wrongBlank' };
}

function blankFor(content: PrintContent): PrintOrder['blankKind'] {
  if (!('fields' in content)) return null;
  const { fields } = content;
  switch (fields.documentKind) {
    case 'ktpEl':
      return fields.nationality === 'WNI' ? 'ktpEl' : 'ktpElWna';
    case 'kia':
      return 'kia';
  }
}

/** A live KTP-el goes to nobody whom neither the chip nor a named officer vouched for. */
function holderErrorOf({ mode, documentKind, holderCheck }: PrintOrder): PrintOrderError | null {
  const checked = holderCheck === 'fingerprint';
  const right = documentKind === 'ktpEl' ? checked || mode !== 'live' : !checked;
  return right ? null : { kind: 'wrongHolderCheck' };
}

function contentErrorOf(order: PrintOrder, content: PrintContent): PrintOrderError | null {
  if (!('fields' in content)) {
    if (order.photoDigest !== null) return { kind: 'photoAltered' };
    if (order.fingerprintsDigest !== null) return { kind: 'fingerprintsAltered' };
    return pdfDigest(content.pdf) === order.contentDigest ? null : { kind: 'contentAltered' };
  }
  const { fields, photo, fingerprints } = content;
  if (cardContentDigest(fields) !== order.contentDigest) return { kind: 'contentAltered' };
  const seen = photo === null ? null : photoDigest(photo);
  if (seen !== order.photoDigest) return { kind: 'photoAltered' };
  if (fingerprintsDigest(fingerprints) !== order.fingerprintsDigest) {
    return { kind: 'fingerprintsAltered' };
  }
  const numbers = fields.documentKind === 'kia' ? [fields.nik, fields.kkNumber] : [fields.nik];
  return numberErrorOf(order.mode, numbers);
}
