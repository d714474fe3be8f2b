import * as z from 'zod';
import { outcomeCorrectionSchema, outcomeReportSchema } from '../../domain/attempt.ts';
import { knownFactorSchema, presentedFactorSchema, printCodeSchema } from '../../domain/claim.ts';
import { referenceSchema } from '../../domain/reference.ts';
import { listedRequestSchema } from '../../domain/request.ts';
import {
  claimSchema,
  correctionSchema,
  feedbackSchema,
  heartbeatSchema,
  journalHeadSchema,
  outcomeReceiptSchema,
  printMaterialSchema,
  reservationSchema,
  reserveRefusalSchema,
  verifyRefusalSchema,
} from '../ports.ts';
import { KiB, route } from './route.ts';

const done = z.strictObject({ done: z.literal(true) });
const claimEnded = z.strictObject({ kind: z.literal('claimEnded') });
const unknownReservation = z.strictObject({ kind: z.literal('unknownReservation') });
const reportRefusal = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('conflict') }),
  unknownReservation,
]);

/** Every call of the contract; the names are ours, the rest is what travels. */
export const routes = {
  openClaim: route({
    method: 'POST',
    path: '/v1/claims',
    summary: 'Verify two factors of a claimant; the try is counted before it is compared',
    body: z.strictObject({
      sessionId: referenceSchema,
      presented: presentedFactorSchema,
      known: knownFactorSchema,
    }),
    answer: claimSchema,
    refusal: verifyRefusalSchema,
    repeat: 'withKey',
  }),
  endClaim: route({
    method: 'DELETE',
    path: '/v1/claims/:token',
    summary: 'End a claim; unknown tokens count as ended',
    answer: done,
    repeat: 'safe',
  }),
  listRequests: route({
    method: 'GET',
    path: '/v1/requests',
    summary: 'What is there for the claimant, ready or not',
    needsClaim: true,
    answer: z.strictObject({ requests: z.array(listedRequestSchema).max(200) }),
    refusal: claimEnded,
    repeat: 'safe',
  }),
  reserve: route({
    method: 'POST',
    path: '/v1/reservations',
    summary: 'Take the only right to print a request, under the attempt id as key',
    needsClaim: true,
    body: z.strictObject({
      requestId: referenceSchema,
      attemptId: referenceSchema,
      printCode: printCodeSchema.nullable(),
    }),
    answer: reservationSchema,
    refusal: reserveRefusalSchema,
    repeat: 'safe',
  }),
  readReservation: route({
    method: 'GET',
    path: '/v1/reservations/:attemptId',
    summary: "Read one of this terminal's own reservations back",
    answer: reservationSchema,
    refusal: unknownReservation,
    repeat: 'safe',
  }),
  renew: route({
    method: 'POST',
    path: '/v1/reservations/:attemptId/renew',
    summary: 'Start the lease of a held reservation anew',
    answer: reservationSchema,
    refusal: unknownReservation,
    repeat: 'safe',
  }),
  hold: route({
    method: 'POST',
    path: '/v1/reservations/:attemptId/hold',
    summary:
      'Freeze the request: no terminal may reserve it until people decide, at the registry or by a correction of this attempt. Said of a doubtful outcome, and of a card printed well whose holder nobody proved',
    answer: reservationSchema,
    refusal: unknownReservation,
    repeat: 'safe',
  }),
  release: route({
    method: 'POST',
    path: '/v1/reservations/:attemptId/release',
    summary: 'Give the request back; only said when nothing of it was printed',
    answer: reservationSchema,
    refusal: unknownReservation,
    repeat: 'safe',
  }),
  printMaterial: route({
    method: 'GET',
    path: '/v1/reservations/:attemptId/material',
    summary: 'The signed print order with everything it covers',
    answer: printMaterialSchema,
    refusal: z.discriminatedUnion('kind', [
      unknownReservation,
      z.strictObject({ kind: z.literal('notSignedYet') }),
    ]),
    repeat: 'safe',
    maxAnswerBytes: 10 * KiB * KiB,
  }),
  reportOutcome: route({
    method: 'POST',
    path: '/v1/outcomes',
    summary:
      'Tell what became of an attempt; the same report gives the same receipt. Of a request on hold it frees nothing, whatever it says: a card held back for its holder is reported as spoiled, after the hold',
    body: z.strictObject({ report: outcomeReportSchema, head: journalHeadSchema.nullable() }),
    answer: outcomeReceiptSchema,
    refusal: reportRefusal,
    repeat: 'safe',
  }),
  correctOutcome: route({
    method: 'POST',
    path: '/v1/outcome-corrections',
    summary:
      'Tell what people decided of an uncertain or disputed attempt, or of a card held back: delivered where the desk handed it over, spoiled where it was destroyed; the same decision gives the same receipt',
    body: z.strictObject({
      correction: outcomeCorrectionSchema,
      head: journalHeadSchema.nullable(),
    }),
    answer: outcomeReceiptSchema,
    refusal: reportRefusal,
    repeat: 'safe',
  }),
  sendCorrection: route({
    method: 'POST',
    path: '/v1/corrections',
    summary: 'The claimant said that the shown data are wrong',
    body: correctionSchema,
    answer: done,
    repeat: 'withKey',
  }),
  sendFeedback: route({
    method: 'POST',
    path: '/v1/feedback',
    summary: 'A satisfaction answer',
    body: feedbackSchema,
    answer: done,
    repeat: 'withKey',
  }),
  heartbeat: route({
    method: 'POST',
    path: '/v1/heartbeats',
    summary: 'The terminal lives; its newest journal head is kept as an anchor',
    body: heartbeatSchema,
    answer: done,
    repeat: 'safe',
  }),
  readHeads: route({
    method: 'GET',
    path: '/v1/terminals/:terminalId/heads',
    summary:
      "The kept journal heads of the calling terminal, oldest first; 'afterSize' pages on. Heads of one size, which prove that a record was rewritten, are never parted: they come on one page, unless they fill it alone",
    query: z.strictObject({ afterSize: z.coerce.number().int().nonnegative().default(0) }),
    answer: z.strictObject({
      terminalId: z.string(),
      heads: z.array(journalHeadSchema).max(500),
      more: z.boolean(),
    }),
    repeat: 'safe',
  }),
};
export type Routes = typeof routes;
export type RouteName = keyof Routes;
