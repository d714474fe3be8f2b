import * as z from 'zod';
import { documentKindSchema } from '../../domain/document.ts';
import { referenceSchema } from '../../domain/reference.ts';
import { event } from './define.ts';
import { code, count, digest, nonce, ownId } from './words.ts';

const presented = z.enum(['eKtp', 'code', 'nik']);
const known = z.enum(['pin', 'printCode']);

export const sessionEvents = [
  event('session.opened', 'A citizen began a session.', {
    sessionId: ownId,
    trigger: z.enum(['touch', 'card', 'code', 'attendant']),
  }),
  event('session.identified', 'The registry accepted two factors.', {
    sessionId: ownId,
    presented,
    known,
  }),
  event('session.identificationRefused', 'The registry did not accept the two factors.', {
    sessionId: ownId,
    presented,
    known,
    reason: z.enum([
      'refused',
      'waitBeforeRetry',
      'locked',
      'codeUsed',
      'factorsNotAccepted',
      'goToOffice',
      'registryTrouble',
    ]),
  }),
  event('session.readRefused', 'A card or a code could not be used; nothing was sent anywhere.', {
    sessionId: ownId,
    presented,
    reason: code,
  }),
  event('session.documentsListed', 'The registry said what is there for the claimant.', {
    sessionId: ownId,
    ready: count,
    notReady: count,
  }),
  event('session.documentChosen', 'The citizen chose one document.', {
    sessionId: ownId,
    requestId: referenceSchema,
    documentKind: documentKindSchema,
    caseId: ownId.nullable(),
  }),
  event('session.ended', 'The session ended and everything personal was wiped.', {
    sessionId: ownId,
    reason: z.enum([
      'finished',
      'cancelled',
      'timedOut',
      'refused',
      'registryTrouble',
      'deviceTrouble',
      'outOfService',
      'coreRestarted',
      'shellGone',
    ]),
    screen: code.optional(),
  }),
  event('case.opened', 'Personal fields of one request in one session were sealed in the vault.', {
    caseId: ownId,
    sessionId: ownId,
    requestId: referenceSchema,
    ciphertextSha256: digest,
    nonce: nonce.optional().describe('under which they were sealed; older rows lack it'),
  }),
  event('case.erased', 'The key of a case was destroyed; its personal fields are gone for good.', {
    caseId: ownId,
    reason: z.enum(['retention', 'request', 'keyLost']),
  }),
  event('feedback.given', 'The citizen answered the satisfaction question.', {
    sessionId: ownId,
    element: code,
    score: z.number().int().min(1).max(4),
  }),
  event('correction.sent', 'The citizen said that the shown data are wrong.', {
    sessionId: ownId,
    requestId: referenceSchema,
  }),
  event('help.called', 'The citizen called for help.', {
    sessionId: ownId.nullable(),
    screen: code,
  }),
] as const;
