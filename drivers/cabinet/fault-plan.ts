/** A fault that waits for its step. */
export interface ArmedFault<S extends string, F extends string> {
  readonly step: S;
  readonly fault: F;
  readonly when: 'before' | 'after';
  timesLeft: number;
}

/** The faults that somebody asked for, per device. Each strikes when its step is reached, then is used up. */
export class FaultPlan<S extends string, F extends string> {
  #armed: ArmedFault<S, F>[] = [];

  arm(fault: ArmedFault<S, F>): void {
    this.#armed.push({ ...fault });
  }

  take(step: S): { readonly fault: F; readonly when: 'before' | 'after' } | null {
    const found = this.#armed.find((armed) => armed.step === step);
    if (found === undefined) return null;
    found.timesLeft -= 1;
    if (found.timesLeft === 0) this.#armed = this.#armed.filter((armed) => armed !== found);
    return { fault: found.fault, when: found.when };
  }

  clear(): void {
    this.#armed = [];
  }

  list(): readonly Readonly<ArmedFault<S, F>>[] {
    return this.#armed.map((armed) => ({ ...armed }));
  }
}
