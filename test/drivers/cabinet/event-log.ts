import type { EmitEvent } from '../../../drivers/contract/driver.ts';
import type { EventName, Events } from '../../../drivers/contract/device-classes.ts';
import type { DeviceClass } from '../../../drivers/contract/words.ts';

interface Heard {
  readonly event: string;
  readonly payload: unknown;
}

/** Keeps what a driver emits and lets a test wait for it instead of sleeping. */
export class EventLog<C extends DeviceClass> {
  readonly all: Heard[] = [];
  #waiting: { meets: (heard: Heard) => boolean; done: () => void }[] = [];

  readonly emit: EmitEvent<C> = (event, payload) => {
    const heard = { event, payload };
    this.all.push(heard);
    const met = this.#waiting.filter(({ meets }) => meets(heard));
    this.#waiting = this.#waiting.filter((waiter) => !met.includes(waiter));
    for (const { done } of met) done();
  };

  /** Completes when an event of the name was heard, now or in time, whose payload `meets` accepts. */
  heard<N extends EventName<C>>(
    name: N,
    meets: (payload: Events<C>[N]) => boolean = () => true,
  ): Promise<void> {
    const test = ({ event, payload }: Heard): boolean =>
      event === name && meets(payload as Events<C>[N]);
    if (this.all.some(test)) return Promise.resolve();
    return new Promise((done) => this.#waiting.push({ meets: test, done }));
  }

  named(name: EventName<C>): unknown[] {
    return this.all.filter(({ event }) => event === name).map(({ payload }) => payload);
  }

  forget(): void {
    this.all.length = 0;
  }
}
