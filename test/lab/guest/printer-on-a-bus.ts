import { FarEnd } from './far-end.ts';
import type { Gadget } from './gadget.ts';

/** A gadget that needs a program at its own end, which is started when it is plugged in. */
export class PrinterOnABus {
  readonly gadget: Gadget;
  readonly #program: string;
  readonly #device: string;
  #far: FarEnd | null = null;

  /** `device` is the gadget's own end. */
  constructor(gadget: Gadget, program: string, device: string) {
    this.gadget = gadget;
    this.#program = program;
    this.#device = device;
  }

  /** Plugs it in unless it is; completes when its program has it. */
  async plug(): Promise<FarEnd> {
    if (this.#far !== null && this.gadget.isPlugged) return this.#far;
    await this.#far?.end();
    this.gadget.plug();
    this.#far = await FarEnd.start(this.#program, this.#device);
    return this.#far;
  }

  async end(): Promise<void> {
    await this.#far?.end();
    this.gadget.unplug();
  }
}
