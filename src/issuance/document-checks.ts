import type { JWK } from 'jose';
import type { Clock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { CardFields } from '../domain/card-fields.ts';
import type { Mode } from '../domain/document.ts';
import type { PrintOrder } from '../domain/print-order.ts';
import {
  checkPrintOrder,
  type PrintContent,
  type PrintOrderExpectation,
} from '../documents/order-digest.ts';
import type { RevocationPolicy } from '../documents/signature/revocation.ts';
import type { PrintableSide } from './ports.ts';

export interface DocumentTrust {
  readonly mode: Mode;
  /** Public key by which the registry signs print orders. */
  readonly orderKey: JWK;
  /** CA certificates for signed PDFs, DER. */
  readonly pdfAnchorsDer: readonly Uint8Array[];
  /** Whether lists of revoked certificates must come with them. */
  readonly revocation: RevocationPolicy;
  /** Where QR codes on cards point. */
  readonly verifyUrl: string;
}

/** One side with its dots. */
export interface DrawnSide extends Omit<PrintableSide, 'rgb'> {
  readonly rgb: Uint8Array;
}

/** What can be said of, and made of, documents whose bytes are at hand. */
export interface DocumentChecks {
  /** As checkPrintOrder of the documents, with the registry's key: signature, address, digests, numbers of the mode. */
  checkOrder(
    jws: string,
    expected: PrintOrderExpectation,
    content: PrintContent,
  ): Promise<Result<PrintOrder, { readonly kind: string }>>;
  /** Signature against this mode's anchors, structure and page count of the registry's PDF. */
  checkPdf(pdf: Uint8Array, pages: number): Promise<Result<void, { readonly kind: string }>>;
  /** In specimen mode it completes only when the mark was found in the dots. */
  compose(
    fields: CardFields,
    photo: Uint8Array | null,
  ): Promise<
    Result<
      { readonly digest: string; readonly sides: readonly DrawnSide[] },
      { readonly kind: string }
    >
  >;
}

/**
 * The documents as issuance uses them, with this terminal's trust. What a card needs and what a PDF needs
 * is each loaded when there is one: a process that serves one citizen seldom prints both.
 */
export const documentChecks = (trust: DocumentTrust, clock: Clock): DocumentChecks => ({
  checkOrder: (jws, expected, content) =>
    checkPrintOrder({
      jws,
      publicJwk: trust.orderKey,
      expected,
      content,
      nowSeconds: Math.floor(clock.now() / 1000),
    }),
  async checkPdf(pdf, pages) {
    const { verifySignedPdf } = await import('../documents/signature/verify.ts');
    const verified = await verifySignedPdf(pdf, {
      trustAnchorsDer: trust.pdfAnchorsDer,
      expectedPages: pages,
      mode: trust.mode,
      nowMs: clock.now(),
      revocation: trust.revocation,
    });
    return verified.ok ? ok(undefined) : err({ kind: verified.error.kind });
  },
  async compose(fields, photo) {
    const { mode, verifyUrl } = trust;
    const { composeCard } = await import('../documents/compose-card.ts');
    const card = await composeCard(fields, photo, { mode, verifyUrl });
    if (!card.ok) return err({ kind: card.error.kind });
    const sides = card.value.sides.map(({ side, rgba }) => ({
      side,
      widthDots: 1012 as const,
      heightDots: 638 as const,
      rgb: withoutAlpha(rgba),
    }));
    return ok({ digest: card.value.digest, sides });
  },
});

/** Card rasters are opaque: their alpha says nothing and no printer takes it. */
export function withoutAlpha(rgba: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] ?? 0;
    rgb[to + 1] = rgba[from + 1] ?? 0;
    rgb[to + 2] = rgba[from + 2] ?? 0;
  }
  return rgb;
}
