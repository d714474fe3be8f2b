import * as z from 'zod';
import { blankKindSchema, documentKindSchema, modeSchema } from './document.ts';
import { oldCardSchema } from './request.ts';

/**
 * What has to be known of the person at the terminal before the card is within reach. `fingerprint`: that one of
 * the fingers on the chip just written is theirs (ISO/IEC 19794-2, compared one to one), or that a named officer
 * waived it.
 */
export const holderCheckSchema = z.enum(['notRequired', 'fingerprint']);

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * The payload of a print order: permission to print one request once, on one terminal, before it
 * expires. It travels as a compact JWS (RFC 7515, EdDSA) signed by the registry.
 */
export const printOrderSchema = z.strictObject({
  typ: z.literal('anjungan.printOrder.1'),
  mode: modeSchema,
  requestId: z.string(),
  attemptId: z.string(),
  terminalId: z.string(),
  documentKind: documentKindSchema,
  /** For cards: the kind of blank; null for plain paper. */
  blankKind: blankKindSchema.nullable(),
  oldCard: oldCardSchema,
  /** SHA-256 of the canonical JSON of every printed field (cards), or of the signed PDF's bytes (paper). */
  contentDigest: digest,
  /** SHA-256 of the photo's bytes, or null where the document has none. */
  photoDigest: digest.nullable(),
  /** SHA-256 of the canonical JSON of the fingers that go onto the chip, or null where there are none. */
  fingerprintsDigest: digest.nullable(),
  holderCheck: holderCheckSchema,
  /** Pages of the signed PDF; null for cards. */
  pages: z.number().int().positive().nullable(),
  issuingOffice: z.string(),
  /** Seconds since the Unix epoch. */
  expiresAt: z.number().int(),
});
export type PrintOrder = z.infer<typeof printOrderSchema>;
