import * as z from 'zod';

/** The faults that fit each step. */
export const motorReaderFaults = {
  accept: ['jam', 'noAnswer'],
  capture: ['jam', 'binFull', 'noAnswer'],
  return: ['jam', 'noAnswer'],
} as const satisfies Record<string, readonly string[]>;

export const motorReaderStepSchema = z.enum(['accept', 'capture', 'return']);
export type MotorReaderStep = z.infer<typeof motorReaderStepSchema>;

export const motorReaderFaultSchema = z.enum(['jam', 'binFull', 'noAnswer']);
export type MotorReaderFault = z.infer<typeof motorReaderFaultSchema>;

/** `before`: nothing of the step has moved yet. `after`: all of it has. */
export interface MotorStrike {
  readonly fault: MotorReaderFault;
  readonly when: 'before' | 'after';
}

/** Hands out an armed fault when its step is reached, and counts it as used. */
export interface MotorFaultSource {
  take(step: MotorReaderStep): MotorStrike | null;
}
