import { setTimeout as delay } from 'node:timers/promises';

const LOOK_AGAIN_MS = 40;

/** Asks again until the answer holds; fails with the last answer. For what no socket announces. */
export async function untilHolds<T>(
  ask: () => Promise<T> | T,
  holds: (answer: T) => boolean,
  withinMs: number,
): Promise<T> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (performance.now() > endMs) {
      throw new Error(`after ${withinMs} ms still ${JSON.stringify(answer)}`);
    }
    await delay(LOOK_AGAIN_MS);
  }
}
