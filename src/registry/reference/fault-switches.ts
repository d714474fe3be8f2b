import * as z from 'zod';
import { Emitter } from '../../base/emitter.ts';

/**
 * Troubles a simulated back office can be put in. Each is a lie told to the terminals on purpose; a
 * registry that serves anybody has no such thing.
 */
export const faultsSchema = z.strictObject({
  /** Refuses every connection before TLS, and cuts those that are open. */
  registryDown: z.boolean(),
  /** Answers after twenty seconds. */
  slow: z.boolean(),
  /** Answers 200 with JSON of no known shape. */
  nonsense: z.boolean(),
  /** Carries the next calls out, then cuts the connection instead of answering. */
  loseNextAnswers: z.number().int().min(0).max(1000),
  /** Denies every reservation it ever gave: whatever names one is answered with "unknown". */
  denyReservations: z.boolean(),
  /** New KK stay unsigned until it is off. */
  signingDown: z.boolean(),
  /** One letter of the order's payload is altered after signing. */
  alterOrderByte: z.boolean(),
  /** One byte of the signed PDF is altered on the way: the order's digest no longer fits. */
  alterPdfByte: z.boolean(),
  /** One byte of the signed PDF is altered before the order is made: only the PDF's own signature tells. */
  alterPdfByteUnderOrder: z.boolean(),
  /** One letter of a printed field is altered after the order was made. */
  alterField: z.boolean(),
});
export type Faults = z.infer<typeof faultsSchema>;

const NO_FAULTS: Faults = {
  registryDown: false,
  slow: false,
  nonsense: false,
  loseNextAnswers: 0,
  denyReservations: false,
  signingDown: false,
  alterOrderByte: false,
  alterPdfByte: false,
  alterPdfByteUnderOrder: false,
  alterField: false,
};

export class FaultSwitches {
  readonly changes = new Emitter<{ changed: Faults }>();
  #faults = NO_FAULTS;

  get now(): Faults {
    return this.#faults;
  }

  set(change: Partial<Faults>): Faults {
    this.#faults = { ...this.#faults, ...change };
    this.changes.emit('changed', this.#faults);
    return this.#faults;
  }

  /** Whether this answer is one of those to be lost. */
  takeLostAnswer(): boolean {
    if (this.#faults.loseNextAnswers === 0) return false;
    this.set({ loseNextAnswers: this.#faults.loseNextAnswers - 1 });
    return true;
  }
}
