import * as z from 'zod';
import { command } from './command.ts';
import { commonStatusSchema } from './words.ts';

/** What is fitted, by the words of XFS4IoT Auxiliaries where it has one. */
export const cabinetSensorSchema = z.enum([
  /** The door to the blanks and printers. */
  'cabinetDoor',
  /** The door to the reject and capture bins. */
  'safeDoor',
  /** Tilt, vibration or a cut wire. */
  'tamper',
  /** XFS4IoT `operatorSwitch`: the key a technician turns. */
  'serviceKey',
  /** XFS4IoT `enhancedAudioControl`: a plug in the headset jack. */
  'headset',
  'rejectBin',
  'captureBin',
]);
export type CabinetSensor = z.infer<typeof cabinetSensorSchema>;

/**
 * `active` is: a door open, tampering seen, the key turned to maintenance, a headset plugged in, a bin in its
 * place. A sensor whose wire is broken, or a controller that is away, is `unknown`, and never `inactive`.
 * `tamper` stays active after the tampering has ended, until it is acknowledged; all others show the present.
 */
export const sensorStateSchema = z.enum(['active', 'inactive', 'unknown']);
export type SensorState = z.infer<typeof sensorStateSchema>;

/** XFS4IoT Lights: which light, and how it shows. */
export const lightSchema = z.enum([
  'cardReader',
  'scanner',
  'documentPrinter',
  'cardDispenser',
  'receiptPrinter',
  'statusGood',
  'statusBad',
]);
export type Light = z.infer<typeof lightSchema>;

export const flashRateSchema = z.enum(['off', 'slow', 'medium', 'quick', 'continuous']);
export type FlashRate = z.infer<typeof flashRateSchema>;

export const cabinetIoCapabilitiesSchema = z.strictObject({
  sensors: z.array(cabinetSensorSchema),
  lights: z.array(lightSchema),
});
export type CabinetIoCapabilities = z.infer<typeof cabinetIoCapabilitiesSchema>;

const sensed = z.strictObject({ sensor: cabinetSensorSchema, state: sensorStateSchema });

export const cabinetIoStatusSchema = z.strictObject({
  ...commonStatusSchema.shape,
  /** Each sensor that is fitted, once. */
  sensors: z.array(sensed),
});
export type CabinetIoStatus = z.infer<typeof cabinetIoStatusSchema>;

/** `notFitted`: this cabinet has no such light; nothing changed. */
export const cabinetIoCommands = {
  getStatus: command({
    effect: 'none',
    params: z.strictObject({}),
    result: cabinetIoStatusSchema,
    errorCodes: [],
    timeoutMs: 5_000,
  }),
  getCapabilities: command({
    effect: 'none',
    params: z.strictObject({}),
    result: cabinetIoCapabilitiesSchema,
    errorCodes: [],
    timeoutMs: 5_000,
  }),
  /** XFS4IoT Lights.SetLight. Completes when the controller has confirmed it. */
  setLight: command({
    effect: 'none',
    params: z.strictObject({ light: lightSchema, flashRate: flashRateSchema }),
    result: z.strictObject({}),
    errorCodes: ['notFitted'],
    timeoutMs: 5_000,
  }),
  /**
   * Says that the tampering told so far is on record. Completes when the controller has confirmed it; tampering
   * that goes on, or came since, stays active.
   */
  acknowledgeTamper: command({
    effect: 'none',
    params: z.strictObject({}),
    result: z.strictObject({}),
    errorCodes: ['notFitted'],
    timeoutMs: 5_000,
  }),
} as const;

export const cabinetIoEvents = {
  /** What happened while nobody listened is told afterwards: active, and then what is. */
  sensorChanged: sensed,
} as const;
