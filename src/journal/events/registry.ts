import * as z from 'zod';
import { outcomeDisputeSchema } from '../../domain/attempt.ts';
import { referenceSchema } from '../../domain/reference.ts';
import { event } from './define.ts';
import { count, digest, ownId } from './words.ts';

export const registryEvents = [
  event(
    'registry.headAnchored',
    'The registry keeps the head of the journal that covers so many rows: the hash of the last of them.',
    { size: count, head: digest.optional().describe('older rows repeat it') },
  ),
  event(
    'registry.headDisputed',
    'The registry keeps a head that this journal does not bear out; nobody is served.',
    { size: count, head: digest, rows: count.describe('how many rows the journal had') },
  ),
  event('registry.outcomeReported', 'The registry acknowledged the outcome of an attempt.', {
    attemptId: ownId,
    receiptId: referenceSchema,
    requestState: referenceSchema,
    tries: count.optional().describe('of the report; absent: the receipt is for a correction'),
  }),
  event(
    'registry.outcomeDisputed',
    'The registry has another story of an attempt, or denies having reserved it; people decide.',
    { attemptId: ownId, why: outcomeDisputeSchema },
  ),
  event(
    'registry.messageSettled',
    'An outbox message was delivered, or refused for people to look at. A report that was delivered is settled by its receipt, and a rating that was, in no row.',
    {
      messageId: count,
      messageKind: z.enum([
        'outcomeReport',
        'outcomeCorrection',
        'release',
        'hold',
        'correction',
        'feedback',
      ]),
      end: z.enum(['done', 'conflict']),
      tries: count,
    },
  ),
  event('registry.availabilityChanged', 'The registry began or ceased to answer.', {
    available: z.boolean(),
  }),
] as const;
