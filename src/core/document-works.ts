import type { Clock } from '../base/clock.ts';
import { err, ok } from '../base/result.ts';
import type { Mode } from '../domain/document.ts';
import type { ComposeWorker } from '../documents/compose-worker.ts';
import { checkPrintOrder } from '../documents/order-digest.ts';
import type { DocumentWorks, PrintableSide } from '../issuance/ports.ts';
import type { TerminalKeys } from './keys.ts';

/** The documents as issuance asks for them, bound to this terminal's keys, mode and clock. */
export function documentWorks(parts: {
  readonly worker: ComposeWorker;
  readonly keys: TerminalKeys;
  readonly mode: Mode;
  readonly verifyUrl: string;
  readonly clock: Clock;
}): DocumentWorks {
  const { worker, keys, mode, verifyUrl, clock } = parts;
  return {
    checkOrder: (jws, expected, content) =>
      checkPrintOrder({
        jws,
        publicJwk: keys.orderKey,
        expected,
        content,
        nowSeconds: Math.floor(clock.now() / 1000),
      }),
    async checkPdf(pdf, pages) {
      const checked = await worker.verifySignedPdf(pdf, {
        trustAnchorsDer: [keys.pdfAnchorDer],
        expectedPages: pages,
        mode,
        nowMs: clock.now(),
      });
      return checked.ok ? ok(undefined) : err({ kind: checked.error.kind });
    },
    async compose(fields, photoJpeg) {
      const card = await worker.composeCard(fields, photoJpeg, { mode, verifyUrl });
      if (!card.ok) return err({ kind: card.error.kind });
      const sides = card.value.sides.map(({ side, rgba }): PrintableSide => ({
        side,
        widthDots: 1012,
        heightDots: 638,
        rgb: withoutAlpha(rgba),
      }));
      return ok({ digest: card.value.digest, sides });
    },
  };
}

/** A card is opaque; printers take three bytes a dot. */
function withoutAlpha(rgba: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] ?? 0;
    rgb[to + 1] = rgba[from + 1] ?? 0;
    rgb[to + 2] = rgba[from + 2] ?? 0;
  }
  return rgb;
}
