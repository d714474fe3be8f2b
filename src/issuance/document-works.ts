import type { JWK } from 'jose';
import type { Clock } from '../base/clock.ts';
import { err, ok } from '../base/result.ts';
import type { Mode } from '../domain/document.ts';
import type { ComposeWorker } from '../documents/compose-worker.ts';
import { checkPrintOrder } from '../documents/order-digest.ts';
import type { DocumentWorks } from './ports.ts';

export interface DocumentTrust {
  readonly mode: Mode;
  /** Public key by which the registry signs print orders. */
  readonly orderKey: JWK;
  /** CA certificates for signed PDFs, DER. */
  readonly pdfAnchorsDer: readonly Uint8Array[];
  /** Where QR codes on cards point. */
  readonly verifyUrl: string;
}

/** The documents as issuance uses them, with this terminal's trust and its composing process. */
export const documentWorks = (
  trust: DocumentTrust,
  worker: ComposeWorker,
  clock: Clock,
): DocumentWorks => ({
  checkOrder: (jws, expected, content) =>
    checkPrintOrder({
      jws,
      publicJwk: trust.orderKey,
      expected,
      content,
      nowSeconds: Math.floor(clock.now() / 1000),
    }),
  async checkPdf(pdf, pages) {
    const verified = await worker.verifySignedPdf(pdf, {
      trustAnchorsDer: trust.pdfAnchorsDer,
      expectedPages: pages,
      mode: trust.mode,
      nowMs: clock.now(),
    });
    return verified.ok ? ok(undefined) : err({ kind: verified.error.kind });
  },
  async compose(fields, photo) {
    const { mode, verifyUrl } = trust;
    const card = await worker.composeCard(fields, photo, { mode, verifyUrl });
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
