import * as z from 'zod';
import { cabinetSensorSchema, sensorStateSchema } from '../../../drivers/contract/cabinet-io.ts';
import {
  completionCodeSchema,
  deviceClassSchema,
  deviceStateSchema,
  requiredActionSchema,
} from '../../../drivers/contract/words.ts';
import { event } from './define.ts';
import { code, count, ownId } from './words.ts';

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
  event(
    'device.answeredLate',
    'A device answered a command after the terminal had stopped waiting. Nothing follows from it.',
    {
      device: code,
      command: code,
      completionCode: completionCodeSchema,
      errorCode: code.nullable(),
      sessionId: ownId.nullable(),
    },
  ),
  event('device.sensorChanged', 'A contact of the cabinet showed another state.', {
    device: code,
    sensor: cabinetSensorSchema,
    state: sensorStateSchema,
  }),
] as const;
