import * as z from 'zod';

/**
 * Faults of the blank reader, which strike once the blank lies in the transport: it sees another kind than
 * the blank is, another serial, or none. To put a wrong blank in a feeder, load one.
 */
export const misreadings = ['wrongKindInFeeder', 'misreadSerial', 'unreadSerial'] as const;
export type Misreading = (typeof misreadings)[number];

export const isMisreading = (fault: string): fault is Misreading =>
  (misreadings as readonly string[]).includes(fault);

/**
 * Faults of feeding that strike while the blank moves, neither before nor after it: the command itself ends
 * well. `doubleFeed`: the next blank of the feeder sticks to the one that is fed and goes with it.
 */
export const isWhileFed = (fault: string): fault is Misreading | 'doubleFeed' =>
  fault === 'doubleFeed' || isMisreading(fault);

/**
 * The faults that fit each step. `encode` is the first write to the chip that comes along, `verify` the
 * first read.
 */
export const cardPrinterFaults = {
  feed: ['jam', 'feederEmpty', 'doubleFeed', ...misreadings, 'noAnswer'],
  encode: ['chipSilent', 'noAnswer'],
  print: ['jam', 'ribbonOut', 'noAnswer'],
  verify: ['chipSilent', 'noAnswer'],
  present: ['jam', 'noAnswer'],
  retract: ['jam', 'binFull', 'noAnswer'],
  reject: ['jam', 'binFull', 'noAnswer'],
} as const satisfies Record<string, readonly string[]>;

export const cardPrinterStepSchema = z.enum([
  'feed',
  'encode',
  'print',
  'verify',
  'present',
  'retract',
  'reject',
]);
export type CardPrinterStep = z.infer<typeof cardPrinterStepSchema>;

export const cardPrinterFaultSchema = z.enum([
  'jam',
  'feederEmpty',
  'doubleFeed',
  ...misreadings,
  'chipSilent',
  'ribbonOut',
  'binFull',
  'noAnswer',
]);
export type CardPrinterFault = z.infer<typeof cardPrinterFaultSchema>;

/** `before`: nothing of the step has moved yet. `after`: all of it has, and the device says otherwise or nothing. */
export interface Strike<F extends string> {
  readonly fault: F;
  readonly when: 'before' | 'after';
}

/** Hands out an armed fault when its step is reached, and counts it as used. */
export interface FaultSource<S extends string, F extends string> {
  take(step: S): Strike<F> | null;
}
