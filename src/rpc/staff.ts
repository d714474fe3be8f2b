import * as z from 'zod';
import {
  attemptStateSchema,
  evidenceSchema,
  outcomeDisputeSchema,
  outcomeSchema,
  resolutionSchema,
} from '../domain/attempt.ts';
import { blankKindSchema, documentKindSchema } from '../domain/document.ts';
import { graveActSchema } from '../domain/grave-act.ts';
import { roleSchema } from '../domain/role.ts';

/** What waits for people to decide it: all that is known of it, and what they may say. */
export const staffItemSchema = z.strictObject({
  attemptId: z.string(),
  requestId: z.string(),
  documentKind: documentKindSchema,
  state: attemptStateSchema,
  outcome: outcomeSchema.nullable(),
  evidence: evidenceSchema,
  faultCode: z.string().nullable(),
  blank: z
    .strictObject({
      kind: blankKindSchema,
      batch: z.string(),
      serial: z.string(),
      source: z.enum(['expected', 'read']),
      place: z.string(),
    })
    .nullable(),
  /** How the registry disputes what the terminal reported; null where it does not. */
  dispute: outcomeDisputeSchema.nullable(),
  /** What the printer's sensors said last, as the record has it. */
  sensors: z.record(z.string(), z.unknown()).nullable(),
  oldCard: z.string(),
  /** Milliseconds since the Unix epoch. */
  openedAt: z.number().int(),
  /** No card is fed while it waits. */
  closesCardPath: z.boolean(),
  people: z.union([z.literal(1), z.literal(2)]),
  choices: z.array(resolutionSchema),
});
export type StaffItem = z.infer<typeof staffItemSchema>;

export const signInChannelSchema = z.enum(['technicianPage', 'staffPage', 'commandLine']);

/** An account as whoever looks after accounts sees it. */
export const accountSchema = z.strictObject({
  name: z.string(),
  roles: z.array(roleSchema),
  closed: z.boolean(),
  /** False while it has the password that its maker gave it: its holder says no yes until they chose one. */
  passwordIsOwn: z.boolean(),
});
export type AccountView = z.infer<typeof accountSchema>;

export const proposalSchema = z.strictObject({
  proposalId: z.string(),
  act: graveActSchema,
  /** SHA-256 of proposal and act; a yes is a yes to this. */
  digest: z.string(),
  proposedBy: z.string(),
  channel: signInChannelSchema,
  endsInMs: z.number().int(),
});
export type ProposalView = z.infer<typeof proposalSchema>;

/** What a signed-in person may ask, on whatever channel. */
export const staffAskSchema = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('items') }),
  z.strictObject({ ask: z.literal('proposals') }),
  /** Which printed card waits inside for its holder, or for an officer's word. */
  z.strictObject({ ask: z.literal('waitingCard') }),
  z.strictObject({ ask: z.literal('propose'), act: graveActSchema }),
  z.strictObject({
    ask: z.literal('approve'),
    proposalId: z.string().max(40),
    digest: z.string().max(64),
  }),
  z.strictObject({ ask: z.literal('decline'), proposalId: z.string().max(40) }),
  z.strictObject({
    ask: z.literal('changePassword'),
    current: z.string().max(200),
    next: z.string().max(201),
  }),
  z.strictObject({ ask: z.literal('accounts') }),
  /** One character too many goes through, so that the refusal can say what is wrong. */
  z.strictObject({
    ask: z.literal('createAccount'),
    name: z.string().max(61),
    password: z.string().max(201),
    roles: z.array(roleSchema),
  }),
  z.strictObject({ ask: z.literal('disableAccount'), name: z.string().max(60) }),
]);
export type StaffAsk = z.infer<typeof staffAskSchema>;

export const staffAnswerSchema = z.discriminatedUnion('answer', [
  z.strictObject({ answer: z.literal('items'), items: z.array(staffItemSchema) }),
  z.strictObject({ answer: z.literal('proposals'), proposals: z.array(proposalSchema) }),
  z.strictObject({ answer: z.literal('waitingCard'), attemptId: z.string().nullable() }),
  /** null: it took one person, and is done. */
  z.strictObject({ answer: z.literal('proposed'), proposal: proposalSchema.nullable() }),
  z.strictObject({ answer: z.literal('approved'), act: graveActSchema }),
  z.strictObject({ answer: z.literal('declined') }),
  z.strictObject({ answer: z.literal('passwordChanged') }),
  z.strictObject({ answer: z.literal('accounts'), accounts: z.array(accountSchema) }),
  z.strictObject({
    answer: z.literal('accountCreated'),
    name: z.string(),
    roles: z.array(roleSchema),
  }),
  z.strictObject({ answer: z.literal('accountDisabled'), name: z.string() }),
]);
export type StaffAnswer = z.infer<typeof staffAnswerSchema>;

export const staffRefusedSchema = z.enum([
  'roleMissing',
  'nameNotUsable',
  'nameTaken',
  'noRole',
  'passwordTooShort',
  'passwordTooLong',
  'passwordRefused',
  'passwordUnchanged',
  'passwordNotOwn',
  'signInTooOld',
  'proposedBefore',
  'tooManyProposals',
  'noSuchProposal',
  'samePerson',
  'signInsTooFarApart',
  'contentDiffers',
  'noSuchAccount',
  'ownAccount',
  'lastAdministrator',
  'disabledBefore',
  'notPossible',
]);
export const staffRefusalSchema = z.strictObject({
  refused: staffRefusedSchema,
  /** With `notPossible`: why, as a plain code; with `proposedBefore`: the proposal. */
  reason: z.string().optional(),
  facts: z
    .record(z.string(), z.union([z.string(), z.number(), z.array(z.string()).readonly()]))
    .optional(),
});
export type StaffRefusal = z.infer<typeof staffRefusalSchema>;

const id = z.number().int().nonnegative();

/** What a program asks on `run/staff.sock`; nothing but `signIn` is answered before somebody signed in. */
export const staffToCoreSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('signIn'),
    id,
    /** Longer than any account has them, so that what no account bears is refused as that. */
    name: z.string().max(1_000),
    password: z.string().max(1_000),
  }),
  z.strictObject({ type: z.literal('ask'), id, ask: staffAskSchema }),
]);
export type StaffToCore = z.infer<typeof staffToCoreSchema>;

/** One answer to each frame, in order, with its number. */
export const coreToStaffSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('signedIn'),
    id,
    name: z.string(),
    roles: z.array(roleSchema),
  }),
  z.strictObject({
    type: z.literal('notSignedIn'),
    id,
    /** `noAccounts`: the first one is made with the secret in the data folder. */
    why: z.enum(['refused', 'mustWait', 'notSignedIn', 'noAccounts']),
    waitMs: z.number().int(),
  }),
  z.strictObject({ type: z.literal('answer'), id, answer: staffAnswerSchema }),
  z.strictObject({ type: z.literal('refusal'), id, refusal: staffRefusalSchema }),
]);
export type CoreToStaff = z.infer<typeof coreToStaffSchema>;
