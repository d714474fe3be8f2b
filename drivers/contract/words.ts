import * as z from 'zod';

/** XFS4IoT Common.Status `device`, without `deviceBusy`, which is a fact of our queue. `noDevice` is not fitted, `powerOff` fitted and silent. */
export const deviceStateSchema = z.enum([
  'online',
  'offline',
  'powerOff',
  'noDevice',
  'hardwareError',
  'userError',
  'fraudAttempt',
  'potentialFraud',
  'starting',
]);
export type DeviceState = z.infer<typeof deviceStateSchema>;

/** Where the media is. `unknown` is an answer like any other and never means "not there". */
export const mediaPositionSchema = z.enum([
  'unknown',
  'notPresent',
  /** In the transport, out of anybody's reach. */
  'present',
  /** Half way, at a station or a slot, still held. */
  'entering',
  /** At the exit, within reach of the citizen. */
  'atExit',
  'jammed',
]);
export type MediaPosition = z.infer<typeof mediaPositionSchema>;

export const supplyLevelSchema = z.enum(['full', 'low', 'out', 'unknown']);
export type SupplyLevel = z.infer<typeof supplyLevelSchema>;

/** Generic end of a command; what exactly went wrong is the command's own `errorCode`. */
export const completionCodeSchema = z.enum([
  'success',
  'commandErrorCode',
  'canceled',
  'deviceNotReady',
  'hardwareError',
  'timeOut',
  'invalidData',
  'unsupportedCommand',
  'sequenceError',
  'fraudAttempt',
]);
export type CompletionCode = z.infer<typeof completionCodeSchema>;

/** What a fault asks for, and so who is called (XFS4IoT Common.ErrorEvent). */
export const requiredActionSchema = z.enum([
  'none',
  'reset',
  'clear',
  'maintenance',
  'configuration',
  'softwareError',
  'suspend',
]);
export type RequiredAction = z.infer<typeof requiredActionSchema>;

export const deviceClassSchema = z.enum([
  'cardReader',
  'codeScanner',
  'pagePrinter',
  'cardPrinter',
  'receiptPrinter',
  'ups',
  'cabinetIo',
  'audio',
  'biometric',
]);
export type DeviceClass = z.infer<typeof deviceClassSchema>;

/** The part of a status that every device has. */
export const commonStatusSchema = z.strictObject({
  state: deviceStateSchema,
  /** One code such as `mediaEmpty` a reason, worst first; empty when nothing is wrong. */
  reasons: z.array(z.string().max(80)),
  requiredAction: requiredActionSchema,
});
export type CommonStatus = z.infer<typeof commonStatusSchema>;
