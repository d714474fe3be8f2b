import * as z from 'zod';
import { authoritySchema } from './authority.ts';
import { blankKindSchema, documentKindSchema } from './document.ts';
import { referenceSchema } from './reference.ts';

/**
 * States of a DocumentRequest at the registry, named as in its own field: diajukan (filed), diverifikasi,
 * ditolak, diproses, siapCetak (ready), dipesan (reserved by a terminal), mencetak, tercetak, diserahkan
 * (handed over), gagalCetak, takDiambil (not collected), perluPeriksa (nobody knows), kedaluwarsa, dibatalkan.
 */
export const requestStateSchema = z.enum([
  'diajukan',
  'diverifikasi',
  'ditolak',
  'diproses',
  'siapCetak',
  'dipesan',
  'mencetak',
  'tercetak',
  'diserahkan',
  'gagalCetak',
  'takDiambil',
  'perluPeriksa',
  'kedaluwarsa',
  'dibatalkan',
]);
export type RequestState = z.infer<typeof requestStateSchema>;

/** Why a document is asked for; scarce blanks are ranked by it. */
export const requestReasonSchema = z.enum(['first', 'lost', 'damaged', 'changed', 'renewal']);
export type RequestReason = z.infer<typeof requestReasonSchema>;

/**
 * What must become of the card that the new one replaces. `surrenderedAtOffice` asks a terminal for nothing:
 * the authority has the card, also where a terminal captured it in an earlier attempt.
 */
export const oldCardSchema = z.enum(['none', 'surrenderedAtOffice', 'toBeCapturedHere']);
export type OldCard = z.infer<typeof oldCardSchema>;

/** One line of the list a claimant sees: nothing in it lets a bystander learn a number or a full name. */
export const listedRequestSchema = z.strictObject({
  requestId: referenceSchema,
  documentKind: documentKindSchema,
  state: requestStateSchema,
  /** Masked for the screen: `S*** A*****`. */
  subjectName: z.string(),
  authority: authoritySchema,
  reason: requestReasonSchema,
  blankKind: blankKindSchema.nullable(),
  oldCard: oldCardSchema,
  /**
   * UID of the chip of the card to be captured here, lower-case hexadecimal (ISO/IEC 14443-3: 4, 7 or
   * 10 bytes). Never shown. null: the registry names no card, and no slot takes one in.
   */
  oldCardUid: z
    .string()
    .regex(/^(?:[0-9a-f]{8}|[0-9a-f]{14}|[0-9a-f]{20})$/)
    .nullable(),
  /** Set where policy asks for the document's print code besides the two factors. */
  needsPrintCode: z.boolean(),
  /** Pages of the signed PDF, where there is one. */
  pages: z.number().int().positive().nullable(),
  issuingOffice: z.string(),
});
export type ListedRequest = z.infer<typeof listedRequestSchema>;
