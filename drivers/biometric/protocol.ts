import * as z from 'zod';
import {
  biometricCapabilitiesSchema,
  biometricCommands,
  biometricEvents,
} from '../contract/biometric.ts';

/** What driver and engine say to each other: one JSON object a line, UTF-8. README.md is its documentation. */
export const ENGINE_PROTOCOL = 'anjungan-biometric-engine/1';

/** How an engine is named that only plays one. */
export const SIMULATED_PREFIX = 'anjungan-simulated-';

/** The longest line of an engine: it sends decisions and never images. */
export const MAX_ENGINE_LINE_BYTES = 4_096;
/** The longest reference: 255 minutiae a view and two views (ISO/IEC 19794-2) take a twentieth of it. */
export const MAX_REFERENCE_BYTES = 65_536;
/** More words to the citizen in one capture are a fault of the engine. */
export const MAX_GUIDANCE = 200;

export const sensorSchema = z.enum(['ready', 'absent', 'broken']);
export type Sensor = z.infer<typeof sensorSchema>;

/** Counted by the driver, and repeated in all that belongs to that capture. */
const id = z.number().int().positive();
const { params, result } = biometricCommands.captureAndMatch;

export const toEngineSchema = z.strictObject({
  ...params.shape,
  type: z.literal('captureAndMatch'),
  id,
});
export type ToEngine = z.infer<typeof toEngineSchema>;

const helloSchema = z.strictObject({
  ...biometricCapabilitiesSchema.shape,
  type: z.literal('hello'),
  protocol: z.string().max(80),
  /** That nothing real is captured or compared. */
  simulated: z.boolean(),
  sensor: sensorSchema,
});
export type EngineHello = z.infer<typeof helloSchema>;

export const fromEngineSchema = z.discriminatedUnion('type', [
  helloSchema,
  z.strictObject({ type: z.literal('sensor'), sensor: sensorSchema }),
  z.strictObject({
    ...biometricEvents.guidance.shape,
    type: z.literal('guidance'),
    id,
  }),
  z.strictObject({
    ...result.shape,
    type: z.literal('decided'),
    id,
    /** At which the decision was made: what was asked for, or stricter. */
    falseMatchPerMillion: z.number().int().min(0).max(10_000),
  }),
  z.strictObject({
    type: z.literal('undecided'),
    id,
    reason: z.enum(biometricCommands.captureAndMatch.errorCodes),
  }),
]);
export type FromEngine = z.infer<typeof fromEngineSchema>;
export type EngineDecision = Extract<FromEngine, { type: 'decided' | 'undecided' }>;

/** Which engines a driver takes. */
export type EngineKind = 'real' | 'simulated';

/** Why an engine that says hello is not taken, or null. The word of a simulator is never taken for a real one's. */
export function refusalOf(hello: EngineHello, kind: EngineKind): string | null {
  if (hello.protocol !== ENGINE_PROTOCOL) return 'otherProtocol';
  const isNamedSo = hello.engine.startsWith(SIMULATED_PREFIX);
  if (kind === 'real') return hello.simulated || isNamedSo ? 'simulatedEngine' : null;
  return hello.simulated && isNamedSo ? null : 'notSimulated';
}
