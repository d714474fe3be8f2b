import * as z from 'zod';
import {
  deviceClassSchema,
  deviceStateSchema,
  requiredActionSchema,
} from '../../../drivers/contract/words.ts';
import { event } from './define.ts';
import { code, count } from './words.ts';

export const deviceEvents = [
  event('device.stateChanged', 'A device reported another state or other reasons.', {
    device: code,
    deviceClass: deviceClassSchema,
    state: deviceStateSchema,
    reasons: z.array(code).max(32),
    requiredAction: requiredActionSchema,
  }),
  event('device.hostRestarted', 'The process that holds the devices ended and was started again.', {
    host: code,
    exitCode: z.number().int().nullable(),
    signal: z
      .string()
      .max(12)
      .regex(/^SIG[A-Z0-9]{1,9}$/)
      .nullable(),
    restarts: count,
  }),
] as const;
