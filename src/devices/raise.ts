/**
 * Ends a promise that nobody waits for. Only a bug of ours rejects one, and a bug must end the process by
 * its exit policy and not one promise alone.
 */
export function raise(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
