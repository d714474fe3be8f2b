/**
 * Waits for parts that start beside each other. Where one fails it rejects with that one's error, but only
 * once the others have ended too: what did start can then be stopped.
 */
export async function sideBySide<T extends readonly unknown[] | []>(
  starting: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(starting);
  return Promise.all(starting);
}
