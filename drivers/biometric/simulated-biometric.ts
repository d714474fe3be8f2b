import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { systemClock } from '../../src/base/clock.ts';
import type { DriverFactory } from '../contract/driver.ts';
import { BiometricDriver, type BiometricSurroundings } from './driver.ts';
import { systemEngine, type EngineCommand } from './transport.ts';

export const simulatedBiometricOptionsSchema = z.strictObject({
  /** Where fingers are put on it: a Unix socket that it makes. */
  controlSocketPath: z.string(),
  presentationAttackDetection: z.boolean().default(true),
});
export type SimulatedBiometricOptions = z.infer<typeof simulatedBiometricOptionsSchema>;

const ENGINE = fileURLToPath(new URL('./simulated-engine.ts', import.meta.url));

export const simulatedEngineCommand = (options: SimulatedBiometricOptions): EngineCommand => ({
  program: process.execPath,
  args: [
    ENGINE,
    '--control',
    options.controlSocketPath,
    ...(options.presentationAttackDetection ? ['--attack-detection'] : []),
  ],
});

export const makeSimulatedBiometricFactory = (
  surroundings: BiometricSurroundings,
): DriverFactory<'biometric', SimulatedBiometricOptions> => ({
  deviceClass: 'biometric',
  options: simulatedBiometricOptionsSchema,
  real: false,
  create: (options, emit) =>
    new BiometricDriver(simulatedEngineCommand(options), 'simulated', emit, surroundings),
});

export const simulatedBiometricFactory = makeSimulatedBiometricFactory({
  clock: systemClock,
  startEngine: systemEngine,
});
