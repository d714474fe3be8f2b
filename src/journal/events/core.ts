import * as z from 'zod';
import { modeSchema } from '../../domain/document.ts';
import { event } from './define.ts';
import { code, count, digest, ownId, version } from './words.ts';

export const coreEvents = [
  event('core.started', 'The service started on this journal.', {
    version,
    mode: modeSchema,
    boot: ownId.describe('this run of the service; monotonic times compare only within one'),
    previousStop: z.enum(['first', 'clean', 'unclean']),
  }),
  event('core.stopped', 'The service stopped in an orderly way.', { reason: code }),
  event('config.loaded', 'The configuration was read.', {
    digest: digest.describe('SHA-256 of the bytes of the configuration file'),
    configVersion: count.nullable(),
    signed: z.boolean(),
  }),
  event('clock.distrusted', 'The wall clock cannot be right; nobody is served until it is.', {
    reason: z.enum(['behindRecord', 'jumped', 'apartFromRegistry']),
    offMs: z.number().int().describe('positive: ahead'),
  }),
  event('clock.trusted', 'The wall clock is believed again.', { offMs: z.number().int() }),
  event('clock.jumped', 'The wall clock moved by more than time went by.', {
    byMs: z.number().int(),
  }),
] as const;
