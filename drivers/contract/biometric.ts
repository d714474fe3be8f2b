import * as z from 'zod';
import { command } from './command.ts';
import { commonStatusSchema } from './words.ts';

/** ISO/IEC 19794-2 finger positions. */
export const fingerPositionSchema = z.enum([
  'rightThumb',
  'rightIndex',
  'rightMiddle',
  'rightRing',
  'rightLittle',
  'leftThumb',
  'leftIndex',
  'leftMiddle',
  'leftRing',
  'leftLittle',
]);
export type FingerPosition = z.infer<typeof fingerPositionSchema>;

/** Records of minutiae, ISO/IEC 19794-2: §8 and the compact form for cards, §9. */
export const fingerFormatSchema = z.enum(['iso19794-2', 'iso19794-2-compact']);

/** A name and a version, such as `maker-fingers 1.2`: a form that fits nobody's name. */
export const engineNameSchema = z
  .string()
  .max(80)
  .regex(/^(?!.*\d{6})[a-z][a-z0-9-]{0,50} \d{1,4}(\.\d{1,4}){0,3}$/)
  .meta({ title: 'engine' });

export const biometricCapabilitiesSchema = z.strictObject({
  /** What captures and compares: it goes into the record of a decision. */
  engine: engineNameSchema,
  /** Whether it looks for a finger that is none (ISO/IEC 30107). */
  presentationAttackDetection: z.boolean(),
  /** Formats of reference templates that it compares with. */
  formats: z.array(fingerFormatSchema),
});
export type BiometricCapabilities = z.infer<typeof biometricCapabilitiesSchema>;

export const biometricStatusSchema = z.strictObject({ ...commonStatusSchema.shape });
export type BiometricStatus = z.infer<typeof biometricStatusSchema>;

/**
 * One capture, compared with one reference (XFS4IoT Biometric `read` and `match` in one step, so that no image
 * or template of the citizen leaves the engine). Errors: `noFinger` (nobody put a finger there in time),
 * `poorQuality` (not good enough to compare; nothing was decided), `badReference` (the reference is no template
 * of that format), `presentationAttack`. None of them says that the finger is another person's: only `notMatched`
 * does.
 */
export const biometricCommands = {
  getStatus: command({
    effect: 'none',
    params: z.strictObject({}),
    result: biometricStatusSchema,
    errorCodes: [],
    timeoutMs: 5_000,
  }),
  getCapabilities: command({
    effect: 'none',
    params: z.strictObject({}),
    result: biometricCapabilitiesSchema,
    errorCodes: [],
    timeoutMs: 5_000,
  }),
  captureAndMatch: command({
    effect: 'none',
    params: z.strictObject({
      finger: fingerPositionSchema,
      format: fingerFormatSchema,
      referenceBase64: z.base64(),
      captureTimeoutMs: z.number().int().min(1_000).max(30_000),
      /** Most wrong acceptances in a million comparisons that are allowed. */
      falseMatchPerMillion: z.number().int().min(1).max(10_000),
    }),
    result: z.strictObject({
      decision: z.enum(['matched', 'notMatched']),
      /** 0 to 100, ISO/IEC 29794-1. */
      captureQuality: z.number().int().min(0).max(100),
    }),
    errorCodes: ['noFinger', 'poorQuality', 'badReference', 'presentationAttack'],
    timeoutMs: 45_000,
  }),
} as const;

export const biometricGuidanceSchema = z.enum([
  'placeFinger',
  'pressHarder',
  'pressLighter',
  'moveToCentre',
  'liftFinger',
]);
export type BiometricGuidance = z.infer<typeof biometricGuidanceSchema>;

export const biometricEvents = {
  /** What the citizen should do now. */
  guidance: z.strictObject({ guidance: biometricGuidanceSchema }),
} as const;
