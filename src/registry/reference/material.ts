import * as z from 'zod';
import { assert } from '../../base/assert.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { sha256Hex } from '../../base/canonical-json.ts';
import { cardFieldsSchema, type CardFields } from '../../domain/card-fields.ts';
import type { PrintOrder } from '../../domain/print-order.ts';
import {
  cardContentDigest,
  fingerprintsDigest,
  photoDigest,
} from '../../documents/order-digest.ts';
import type { PrintMaterial, Reservation, UnknownReservation } from '../ports.ts';
import type { RegistryContext } from './context.ts';
import { ensureSigned } from './family-card-signing.ts';
import { fingerprintsOf } from './people-table.ts';
import { findRequest, moveRequest, type RequestRow } from './requests-table.ts';
import { actOnReservation } from './reservations.ts';

type MaterialRefusal = UnknownReservation | { readonly kind: 'notSignedYet' };

/**
 * The print order and what it covers, for a reservation this terminal holds. From the first answer on the
 * request is `mencetak`: a lapsing lease frees it no more.
 */
export async function printMaterial(
  ctx: RegistryContext,
  terminalId: string,
  attemptId: string,
): Promise<Result<PrintMaterial, MaterialRefusal>> {
  const own = actOnReservation(ctx, terminalId, attemptId, 'read');
  if (!own.ok) return own;
  const asked = findRequest(ctx.db, 'request_id = ?', own.value.requestId);
  assert(asked !== null, 'a reservation without its request');
  if (asked.documentKind === 'kk' && !(await ensureSigned(ctx, asked.requestId))) {
    return err({ kind: 'notSignedYet' });
  }
  const begun = beginPrinting(ctx, terminalId, attemptId);
  if (!begun.ok) return begun;
  const { reservation, request } = begun.value;
  return ok(
    request.documentKind === 'kk'
      ? await paperMaterial(ctx, request, reservation)
      : await cardMaterial(ctx, request, reservation),
  );
}

/** Signing took a while: lease and state are looked at again in the transaction that commits to printing. */
function beginPrinting(
  ctx: RegistryContext,
  terminalId: string,
  attemptId: string,
): Result<{ reservation: Reservation; request: RequestRow }, UnknownReservation> {
  return ctx.db
    .transaction(() => {
      const own = actOnReservation(ctx, terminalId, attemptId, 'read');
      if (!own.ok) return own;
      if (own.value.state !== 'held') return err({ kind: 'unknownReservation' as const });
      const expired = own.value.leaseExpiresAt <= ctx.clock.now();
      if (expired) return err({ kind: 'unknownReservation' as const });
      const { requestId } = own.value;
      moveRequest(ctx, requestId, 'printingBegun', `terminal:${terminalId}`);
      const request = findRequest(ctx.db, 'request_id = ?', requestId);
      assert(request?.state === 'mencetak', 'a held request could not begin to print');
      return ok({ reservation: own.value, request });
    })
    .immediate();
}

function orderFor(
  request: RequestRow,
  reservation: Reservation,
  covered: Pick<
    PrintOrder,
    'contentDigest' | 'photoDigest' | 'fingerprintsDigest' | 'holderCheck' | 'pages'
  >,
): PrintOrder {
  return {
    typ: 'anjungan.printOrder.1',
    mode: 'specimen',
    requestId: request.requestId,
    attemptId: reservation.attemptId,
    terminalId: reservation.terminalId,
    documentKind: request.documentKind,
    blankKind: request.blankKind,
    oldCard: request.oldCard,
    ...covered,
    issuingOffice: request.issuingOffice,
    expiresAt: Math.floor(reservation.leaseExpiresAt / 1000),
  };
}

async function cardMaterial(
  ctx: RegistryContext,
  request: RequestRow,
  reservation: Reservation,
): Promise<PrintMaterial> {
  const fields = cardFieldsSchema.parse(JSON.parse(request.contentJson ?? 'null'));
  const photo = bytesOf(ctx, 'photo', request.requestId);
  // The chip of a KTP-el holds two.
  const fingerprints =
    request.documentKind === 'ktpEl' ? fingerprintsOf(ctx.db, request.subjectId).slice(0, 2) : [];
  const asksFinger = fingerprints.length > 0 && ctx.policy.holderCheck === 'whereRecorded';
  const order = orderFor(request, reservation, {
    contentDigest: cardContentDigest(fields),
    photoDigest: photo === null ? null : photoDigest(photo),
    fingerprintsDigest: fingerprintsDigest(fingerprints),
    holderCheck: asksFinger ? 'fingerprint' : 'notRequired',
    pages: null,
  });
  return {
    media: 'controlledBlank',
    orderJws: await signedOrder(ctx, order),
    fields: ctx.faults.now.alterField ? withAlteredName(fields) : fields,
    photoJpegBase64: photo?.toString('base64') ?? null,
    fingerprints: [...fingerprints],
  };
}

async function paperMaterial(
  ctx: RegistryContext,
  request: RequestRow,
  reservation: Reservation,
): Promise<PrintMaterial> {
  const stored = bytesOf(ctx, 'signed_pdf', request.requestId);
  assert(stored !== null, 'a signed KK without its file');
  const covered = ctx.faults.now.alterPdfByteUnderOrder ? withAlteredByte(stored) : stored;
  const order = orderFor(request, reservation, {
    contentDigest: sha256Hex(covered),
    photoDigest: null,
    fingerprintsDigest: null,
    holderCheck: 'notRequired',
    pages: request.pages,
  });
  const sent = ctx.faults.now.alterPdfByte ? withAlteredByte(covered) : covered;
  return {
    media: 'plainPaper',
    orderJws: await signedOrder(ctx, order),
    pdfBase64: sent.toString('base64'),
  };
}

async function signedOrder(ctx: RegistryContext, order: PrintOrder): Promise<string> {
  const jws = await ctx.issuing.signOrder(order);
  if (!ctx.faults.now.alterOrderByte) return jws;
  const at = jws.indexOf('.') + 12;
  return jws.slice(0, at) + (jws[at] === 'A' ? 'B' : 'A') + jws.slice(at + 1);
}

function bytesOf(
  ctx: RegistryContext,
  column: 'photo' | 'signed_pdf',
  requestId: string,
): Buffer | null {
  const value = ctx.db
    .prepare(`SELECT ${column} FROM requests WHERE request_id = ?`)
    .pluck()
    .get(requestId);
  return z.instanceof(Buffer).nullable().parse(value);
}

/** In the middle of the file, far from header and signature. */
function withAlteredByte(bytes: Buffer): Buffer {
  const altered = Buffer.from(bytes);
  const middle = altered.length >> 1;
  altered[middle] = (altered[middle] ?? 0) ^ 1;
  return altered;
}

function withAlteredName(fields: CardFields): CardFields {
  return { ...fields, name: `${fields.name.slice(0, -1)}${fields.name.endsWith('X') ? 'Y' : 'X'}` };
}
