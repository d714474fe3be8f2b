import * as z from 'zod';
import { engineNameSchema, fingerPositionSchema } from '../../../drivers/contract/biometric.ts';
import { mediaPositionSchema } from '../../../drivers/contract/words.ts';
import {
  attemptStateSchema,
  evidenceSchema,
  outcomeSchema,
  resolutionSchema,
} from '../../domain/attempt.ts';
import { documentKindSchema } from '../../domain/document.ts';
import { referenceSchema } from '../../domain/reference.ts';
import { event } from './define.ts';
import { blankInEvent, code, count, digest, durationMs, ownId } from './words.ts';

/** What the device's sensors said, as far as it has them. */
export const sensorsSchema = z.strictObject({
  media: mediaPositionSchema.optional(),
  presented: z.enum(['presented', 'notPresented', 'unknown']).optional(),
  rejectBin: z.enum(['ok', 'full', 'removed', 'unknown']).optional(),
  counters: z
    .strictObject({
      fed: count,
      printedSides: count,
      presented: count,
      taken: count,
      rejected: count,
      retracted: count,
    })
    .partial()
    .nullable()
    .optional(),
});

const announced = z.strictObject({ device: code, command: code });
const answer = z.strictObject({
  end: z.enum([
    'success',
    'commandError',
    'notReady',
    'hardwareError',
    'invalidData',
    'unsupported',
    'canceled',
    'deviceGone',
    'noAnswer',
  ]),
  errorCode: code.optional(),
  elapsedMs: durationMs,
});

const which = {
  attemptId: ownId,
  sessionId: ownId,
  requestId: referenceSchema,
  documentKind: documentKindSchema,
} as const;

export const attemptEvents = [
  event(
    'attempt.stateEntered',
    'A print attempt entered a state. A state whose name ends in Intent or ing is entered before the act it announces. Blank, fault and sensors are said where they are new; elsewhere they are as the last row of the attempt that says them, and that a blank is the expected one is said by the row of its movement, which follows.',
    {
      attemptId: ownId,
      sessionId: ownId.optional().describe('where the attempt begins'),
      requestId: referenceSchema.optional().describe('where the attempt begins'),
      documentKind: documentKindSchema.optional().describe('where the attempt begins'),
      from: attemptStateSchema.nullable(),
      to: attemptStateSchema,
      answer: answer
        .optional()
        .describe(
          'how the command that the state before announced ended, or why core stopped waiting',
        ),
      command: announced
        .optional()
        .describe('given to the device once this row is on the disk, and once only'),
      evidence: evidenceSchema.optional(),
      faultCode: code.optional(),
      blank: blankInEvent.optional(),
      side: z.enum(['front', 'back']).optional(),
      holderCheck: z
        .enum(['matched', 'notMatched', 'notDecided', 'waived', 'notRequired'])
        .optional(),
      sensors: sensorsSchema
        .optional()
        .describe(
          'those that say something new, of the counters too; empty where the device was asked and told nothing',
        ),
      digest: digest
        .optional()
        .describe(
          'of what was composed, of what is to be written on the chip, or of what was read at last',
        ),
      sheets: z
        .strictObject({ asked: count, stacked: count.nullable() })
        .optional()
        .describe('plain paper: sheets asked for, and reported as stacked'),
    },
  ),
  event(
    'attempt.holderTried',
    'A finger was asked for, to be compared with the one on the chip just written. Neither is kept.',
    {
      attemptId: ownId,
      finger: fingerPositionSchema,
      result: code.describe('matched, notMatched, or why nothing was decided'),
      captureQuality: z.number().int().min(0).max(100).nullable().describe('ISO/IEC 29794-1'),
      engine: engineNameSchema.nullable().describe('what compared'),
    },
  ),
  event('attempt.settled', 'What became of an attempt, and what that knowledge stands on.', {
    attemptId: ownId,
    sessionId: ownId.optional().describe('older rows repeat it'),
    requestId: referenceSchema,
    documentKind: documentKindSchema,
    outcome: outcomeSchema,
    evidence: evidenceSchema,
    faultCode: code.nullable(),
    blank: blankInEvent.nullable(),
    capturedOldCard: z.boolean(),
  }),
  event(
    'attempt.resolved',
    'People decided what became of an attempt that nothing else proved, or of a card that was held back.',
    {
      ...which,
      decisionId: ownId.describe('the proposal that two agreed to, or an identifier of its own'),
      by: z.array(ownId).min(1).max(2),
      choice: resolutionSchema,
      outcome: outcomeSchema,
      evidence: evidenceSchema,
      blank: blankInEvent.nullable(),
    },
  ),
  event('recovery.attemptVisited', 'After a restart, an unsettled attempt was looked at.', {
    attemptId: ownId,
    found: attemptStateSchema,
    action: code,
  }),
] as const;
