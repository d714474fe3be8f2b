import type { Clock } from '../../base/clock.ts';
import type { Result } from '../../base/result.ts';

/** Pauses before the second and third try; there is no fourth. */
const PAUSES_MS = [100, 400];

/**
 * Tries again inside the deadline: always after `unreachable`, after `noAnswer` only where a second
 * carrying-out does no harm. `once` is told how many milliseconds are left.
 */
export async function repeatWithin<T, E>(
  clock: Clock,
  deadlineMs: number,
  harmless: boolean,
  once: (leftMs: number) => Promise<Result<T, E>>,
): Promise<Result<T, E>> {
  const end = clock.monotonicMs() + deadlineMs;
  for (let attempt = 0; ; attempt++) {
    const result = await once(end - clock.monotonicMs());
    const pause = PAUSES_MS[attempt];
    if (result.ok || pause === undefined || !mayRepeat(result.error, harmless)) return result;
    if (clock.monotonicMs() + pause >= end) return result;
    await new Promise<void>((resolve) => void clock.after(pause, resolve));
  }
}

function mayRepeat(error: unknown, harmless: boolean): boolean {
  if (typeof error !== 'object' || error === null || !('kind' in error)) return false;
  return error.kind === 'unreachable' || (error.kind === 'noAnswer' && harmless);
}
