/** Long for a device on a busy machine, and less than a test may take. */
const LIMIT_MS = 20_000;

/** What a device said by itself, in order. A test reads on from where it last stopped. */
export class EventTape {
  readonly #tape: { readonly event: string; readonly payload: unknown }[] = [];
  #readTo = 0;
  #skippedTo = 0;
  #wake: (() => void) | undefined;
  #ended = false;

  push(event: string, payload: unknown): void {
    this.#tape.push({ event, payload });
    this.#wake?.();
  }

  /** Nothing more is said: whoever still waits waits in vain. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /**
   * Reads on to the next such event, now or when it comes, and completes with what it said. Rejects with
   * all that was said instead where it does not come.
   */
  async until(
    event: string,
    matches: (payload: unknown) => boolean = () => true,
  ): Promise<unknown> {
    const from = this.#readTo;
    const endsMs = performance.now() + LIMIT_MS;
    for (;;) {
      for (; this.#readTo < this.#tape.length;) {
        const entry = this.#tape[this.#readTo++];
        if (entry?.event === event && matches(entry.payload)) return entry.payload;
      }
      const leftMs = endsMs - performance.now();
      if (this.#ended || leftMs <= 0)
        throw new Error(`no ${event}; said: ${JSON.stringify(this.#tape.slice(from))}`);
      await this.#next(leftMs);
    }
  }

  /** Completes with the next event, or after that time. */
  #next(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** What came since the test last read on. */
  get unread(): readonly { readonly event: string; readonly payload: unknown }[] {
    return this.#tape.slice(this.#readTo);
  }

  /** Leaves unread what came so far. */
  skip(): void {
    this.#readTo = this.#tape.length;
    this.#skippedTo = this.#readTo;
  }

  /** Whether such an event was passed over since the last `skip`, on the way to another. */
  passedOver(event: string): boolean {
    return this.#tape.slice(this.#skippedTo, this.#readTo).some((entry) => entry.event === event);
  }
}
