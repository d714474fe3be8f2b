import * as z from 'zod';
import { command } from './command.ts';
import { commonStatusSchema } from './words.ts';

export const cardReaderCapabilitiesSchema = z.strictObject({
  /** Draws the card in, holds it and gives it back. */
  motorised: z.boolean(),
  captureBin: z.boolean(),
  /** Has a SAM, so that a card can be authenticated and its biodata read. */
  sam: z.boolean(),
});
export type CardReaderCapabilities = z.infer<typeof cardReaderCapabilitiesSchema>;

export const cardReaderStatusSchema = z.strictObject({
  ...commonStatusSchema.shape,
  /** `held`: drawn in by a motorised reader. */
  card: z.enum(['notPresent', 'present', 'held', 'unknown']),
  captureBin: z.enum(['ok', 'full', 'removed', 'notSupported', 'unknown']),
  /** Old cards in the bin since it was emptied; null where the device does not count. */
  capturedCount: z.number().int().nullable(),
});
export type CardReaderStatus = z.infer<typeof cardReaderStatusSchema>;

/** The 21 quoted fields of EF 6FF1; those whose meaning is not public stay opaque in `tail`. */
export const eKtpBiodataSchema = z.strictObject({
  nik: z.string(),
  name: z.string(),
  birthPlace: z.string(),
  birthDate: z.string(),
  sex: z.string(),
  address: z.string(),
  rt: z.string(),
  rw: z.string(),
  village: z.string(),
  district: z.string(),
  regency: z.string(),
  province: z.string(),
  religion: z.string(),
  maritalStatus: z.string(),
  occupation: z.string(),
  bloodGroup: z.string(),
  nationality: z.string(),
});
export type EKtpBiodata = z.infer<typeof eKtpBiodataSchema>;

/** `authenticated`: card and SAM proved each other and the biodata came through them. `present`: only UID and photo. */
export const eKtpIdentitySchema = z.discriminatedUnion('assurance', [
  z.strictObject({
    assurance: z.literal('authenticated'),
    uidHex: z.string(),
    biodata: eKtpBiodataSchema,
  }),
  z.strictObject({ assurance: z.literal('present'), uidHex: z.string() }),
]);
export type EKtpIdentity = z.infer<typeof eKtpIdentitySchema>;

/**
 * The ladder of a failed read, one code a rung: `noCard`, `cardRemoved` (pulled out mid-read),
 * `notAnEKtp` (no such application), `cardSilent`, `cardGarbled` (an answer that breaks the file's
 * rules), `samMissing`, `samRefused` (the SAM did not open), `authenticationFailed` (card and SAM do
 * not know each other), `secureMessagingFailed`, `biodataUnreadable`. Of the motor: `nothingInserted`,
 * `otherCard` (the inserted card is not the one announced; it stays held), `mediaJammed`, `binFull`.
 */
export const cardReaderCommands = {
  getStatus: command({
    effect: 'none',
    params: z.strictObject({}),
    result: cardReaderStatusSchema,
    errorCodes: [],
    timeoutMs: 5_000,
  }),
  getCapabilities: command({
    effect: 'none',
    params: z.strictObject({}),
    result: cardReaderCapabilitiesSchema,
    errorCodes: [],
    timeoutMs: 5_000,
  }),
  /** Reads who the card in the field says it is. Completes with the identity; the card may stay or go. */
  readIdentity: command({
    effect: 'none',
    // Of its photo nothing is answered, but the driver reads it.
    seesDocument: true,
    params: z.strictObject({}),
    result: eKtpIdentitySchema,
    errorCodes: [
      'noCard',
      'cardRemoved',
      'notAnEKtp',
      'cardSilent',
      'cardGarbled',
      'samMissing',
      'samRefused',
      'authenticationFailed',
      'secureMessagingFailed',
      'biodataUnreadable',
    ],
    timeoutMs: 30_000,
  }),
  /**
   * Motorised: opens the slot, waits for a card and holds it. `uidHex` is null where it cannot be read. While no
   * card was drawn in it can be called back: the slot is closed and the card, if any, still with the citizen.
   */
  acceptCard: command({
    effect: 'movesMedia',
    callBack: 'untilMediaMoves',
    params: z.strictObject({ expectedUidHex: z.string().nullable(), waitMs: z.number().int() }),
    result: z.strictObject({ uidHex: z.string().nullable() }),
    errorCodes: ['nothingInserted', 'otherCard', 'mediaJammed'],
    timeoutMs: 120_000,
  }),
  /** Motorised: drops the held card into the capture bin. */
  captureCard: command({
    effect: 'movesMedia',
    params: z.strictObject({}),
    result: z.strictObject({ capturedCount: z.number().int().nullable() }),
    errorCodes: ['noCard', 'mediaJammed', 'binFull'],
    timeoutMs: 20_000,
  }),
  /** Motorised: gives the held card back to the citizen. */
  returnCard: command({
    effect: 'movesMedia',
    params: z.strictObject({}),
    result: z.strictObject({}),
    errorCodes: ['noCard', 'mediaJammed'],
    timeoutMs: 20_000,
  }),
} as const;

export const cardReaderEvents = {
  cardInserted: z.strictObject({}),
  cardRemoved: z.strictObject({}),
} as const;
