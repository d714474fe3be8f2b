import * as z from 'zod';
import { event } from './define.ts';
import { graveActSchema } from '../../domain/grave-act.ts';
import { roleSchema } from '../../domain/role.ts';
import { code, digest, durationMs, ownId } from './words.ts';

export const channelSchema = z.enum(['technicianPage', 'staffPage', 'commandLine']);
export type SignInChannel = z.infer<typeof channelSchema>;

const yes = { personId: ownId, signInId: ownId, channel: channelSchema } as const;
const actDigest = digest.describe('SHA-256 of proposal and act: what a yes is a yes to');

export const staffEvents = [
  event(
    'staff.setupSecretIssued',
    'A one-time secret for the first administrator was written.',
    {},
  ),
  event('staff.personCreated', 'A named account was made.', {
    personId: ownId,
    nameSha256: digest
      .optional()
      .describe('SHA-256 of the name and `personId`; programs before 2026-11-30 wrote none'),
    roles: z.array(roleSchema).min(1).max(5),
    by: ownId.nullable().describe('null: the first administrator, by the one-time secret'),
  }),
  event('staff.personDisabled', 'An account was closed for good; its sign-ins ended.', {
    personId: ownId,
    by: ownId,
  }),
  event('staff.signedIn', 'A person signed in.', {
    personId: ownId,
    signInId: ownId,
    channel: channelSchema,
  }),
  event('staff.signInFailed', 'A sign-in was refused.', {
    personId: ownId.nullable().describe('null: no such account'),
    channel: channelSchema,
    reason: z.enum(['wrong', 'mustWait', 'disabled']),
    waitMs: durationMs,
  }),
  event('staff.signedOut', 'A sign-in ended.', {
    personId: ownId,
    signInId: ownId,
    reason: z.enum([
      'signedOut',
      'idle',
      'absolute',
      'coreStopped',
      'passwordChanged',
      'accountDisabled',
    ]),
  }),
  event('staff.passwordChanged', 'A person chose a new password; their other sign-ins ended.', yes),
  event('staff.deviceTested', 'A person ran a self-test of a device.', {
    personId: ownId,
    device: code,
    test: code,
    passed: z.boolean(),
    faultCode: code.nullable(),
  }),
  event('staff.actProposed', 'A person proposed an act that another person must agree to.', {
    proposalId: ownId,
    act: graveActSchema,
    digest: actDigest,
    ...yes,
  }),
  event(
    'staff.actApproved',
    'Another person said yes. What was proposed is done by this very commit.',
    { proposalId: ownId, digest: actDigest, proposedBy: ownId, ...yes },
  ),
  event('staff.actDecided', 'One person did what takes no second one.', {
    act: graveActSchema,
    ...yes,
  }),
  event('staff.proposalEnded', 'A proposal ended and nothing was done.', {
    proposalId: ownId,
    reason: z.enum(['expired', 'declined', 'notPossible', 'coreRestarted']),
    personId: ownId
      .nullable()
      .describe('who declined it, or whose yes came too late to be possible'),
  }),
] as const;
