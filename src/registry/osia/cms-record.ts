import * as z from 'zod';
import { outcomeSchema } from '../../domain/attempt.ts';
import { authoritySchema } from '../../domain/authority.ts';
import { referenceSchema } from '../../domain/reference.ts';
import { oldCardSchema, requestStateSchema } from '../../domain/request.ts';

const settled = {
  word: outcomeSchema,
  /** SHA-256 of what was told, so that the same again is told from another story. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** What the receipt said, and says again. */
  requestState: requestStateSchema,
};

/** One print attempt as it stands in the credential request: the lock, and the memory of what came of it. */
export const printAttemptSchema = z.strictObject({
  attemptId: referenceSchema,
  terminalId: z.string().max(40),
  state: z.enum(['held', 'onHold', 'ended']),
  /** Its material was fetched: from here on the lease frees nothing. */
  printing: z.boolean(),
  leaseExpiresAt: z.iso.datetime(),
  outcome: z.strictObject(settled).nullable(),
  correction: z.strictObject({ ...settled, decisionId: referenceSchema }).nullable(),
});
export type PrintAttempt = z.infer<typeof printAttemptSchema>;

/** `requestData.others.anjungan`: what the agency and the terminals agreed on, where OSIA has no field. */
export const agreedSchema = z.strictObject({
  /** Who collects, in full; masked here. */
  claimantName: z.string().min(1).max(200),
  authority: authoritySchema,
  oldCard: oldCardSchema,
  oldCardUid: z
    .string()
    .regex(/^(?:[0-9a-f]{8}|[0-9a-f]{14}|[0-9a-f]{20})$/)
    .nullable(),
  printAttempts: z.array(printAttemptSchema).max(50),
});
export type Agreed = z.infer<typeof agreedSchema>;

const open = z.record(z.string(), z.unknown());

/**
 * CredentialRequest of OSIA CMS 1.3.0 as it is read. Members are those of its schema and no other; words of
 * its enumerations stay plain text, so that an unknown one is parked by `states.ts` instead of refused here.
 */
export const credentialRequestSchema = z.strictObject({
  credentialRequestId: z.string().optional(),
  status: z.string().max(40).optional(),
  requestData: z.strictObject({
    priority: z.number().int(),
    credentialProfileId: z.string(),
    credentialProfileVersion: z.string().optional(),
    credentialProfileSubtype: z.string().optional(),
    numberOfPages: z.number().int().optional(),
    requestType: z.string(),
    requestTypeOther: z.string().optional(),
    validFromDate: z.string().optional(),
    validToDate: z.string().optional(),
    credentialNumber: z.string().optional(),
    issuingAuthority: z.string().optional(),
    deliveryOffice: z.string().optional(),
    deliveryAddress: open.optional(),
    parentCredentialId: z.string().optional(),
    others: z.looseObject({ anjungan: agreedSchema }),
  }),
  personId: z.string().min(1).max(64),
  biographicData: open,
  biometricData: z.array(open).max(20).optional(),
  credentialIds: z.array(z.string().min(1).max(128)).max(20).optional(),
  encryption: open.optional(),
  integrity: z
    .array(z.looseObject({ id: z.string().optional(), signature: z.string().optional() }))
    .max(20)
    .optional(),
});
export type CredentialRequest = z.infer<typeof credentialRequestSchema>;

/** Of a credential only its status is looked at. */
export const credentialSchema = z.looseObject({
  credentialId: z.string(),
  status: z.string().max(40),
});

/** The integrity block in which the registry's print order travels. */
export const PRINT_ORDER_ID = 'anjungan-print-order';

/**
 * What is sent back in an update: all that was read, with other attempts and status, and without what OSIA
 * marks read-only and the print order, which is made anew for each answer.
 */
export function updateOf(
  request: CredentialRequest,
  attempts: readonly PrintAttempt[],
  status: string | undefined,
): unknown {
  const kept = request.integrity?.filter(({ id }) => id !== PRINT_ORDER_ID) ?? [];
  const { others } = request.requestData;
  const agreed = { ...others.anjungan, printAttempts: [...attempts] };
  // Members that are undefined are not written.
  return {
    ...request,
    credentialRequestId: undefined,
    credentialIds: undefined,
    status,
    integrity: kept.length === 0 ? undefined : kept,
    requestData: { ...request.requestData, others: { ...others, anjungan: agreed } },
  };
}
