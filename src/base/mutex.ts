/** Runs one task at a time, in order of arrival. A task that fails releases the lock like any other. */
export class Mutex {
  #tail: Promise<void> = Promise.resolve();

  withLock<T>(task: () => Promise<T> | T): Promise<T> {
    const run = this.#tail.then(task);
    this.#tail = run.then(
      () => undefined,
      () => undefined,
    );
    return run;
  }
}
