/** What a device said by itself, in order. A test reads on from where it last stopped. */
export class EventTape {
  readonly #tape: { readonly event: string; readonly payload: unknown }[] = [];
  #readTo = 0;
  #wake: (() => void) | undefined;

  push(event: string, payload: unknown): void {
    this.#tape.push({ event, payload });
    this.#wake?.();
  }

  /** Reads on to the next such event, now or when it comes, and completes with what it said. */
  async until(
    event: string,
    matches: (payload: unknown) => boolean = () => true,
  ): Promise<unknown> {
    for (;;) {
      for (; this.#readTo < this.#tape.length;) {
        const entry = this.#tape[this.#readTo++];
        if (entry?.event === event && matches(entry.payload)) return entry.payload;
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Leaves unread what came so far. */
  skip(): void {
    this.#readTo = this.#tape.length;
  }
}
