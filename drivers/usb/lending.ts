/**
 * One USB device among those who use it. The module lends a device to any number of transfers at a time, or to one who
 * clears a pipe or lets go of it, and throws where the two meet.
 */
export class Lending {
  readonly #shared = new Set<Promise<unknown>>();
  #alone: Promise<void> = Promise.resolve();
  #waitingToBeAlone = 0;

  /** Begins once nobody has the device alone, or waits for that. */
  async share<T>(work: () => Promise<T>): Promise<T> {
    while (this.#waitingToBeAlone > 0) await this.#alone;
    const running = work();
    this.#shared.add(running);
    return running.finally(() => this.#shared.delete(running));
  }

  /** Begins once nothing is under way; completes, or rejects, as the work does. */
  async alone(work: () => Promise<void>): Promise<void> {
    this.#waitingToBeAlone += 1;
    const done = this.#alone
      .then(async () => {
        await Promise.allSettled(this.#shared);
        await work();
      })
      .finally(() => (this.#waitingToBeAlone -= 1));
    this.#alone = done.catch(() => undefined);
    await done;
  }
}
