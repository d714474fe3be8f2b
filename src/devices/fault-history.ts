import type { Clock } from '../base/clock.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A device that is worse than this has long been found wanting: the counts then say at least so many. */
const KEPT = 1_000;
/** One fault is an accident, two in an hour may be the start of something. */
const FEWEST_THAT_TELL = 2;
/** So many times more or fewer than before is a change and not chance. */
const CHANGE = 2;

/** How often a device failed lately, since core started. A time of the wall plays no part in it. */
export interface HealthTrend {
  readonly faultsLastHour: number;
  readonly faultsLastDay: number;
  /** Of its host: how often that ended by itself. */
  readonly restartsLastDay: number;
  /**
   * The last hour against the hours before it, back to a day: `none` where nothing failed, `unknown` while
   * core has not run for two hours and so has nothing to compare with.
   */
  readonly direction: 'none' | 'unknown' | 'better' | 'steady' | 'worse';
}

/** When a device failed and when its host ended, within the last day. */
export class FaultHistory {
  readonly #clock: Clock;
  readonly #beganMs: number;
  readonly #faultsMs: number[] = [];
  readonly #restartsMs: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#beganMs = clock.monotonicMs();
  }

  fault(): void {
    this.#add(this.#faultsMs);
  }

  restart(): void {
    this.#add(this.#restartsMs);
  }

  trend(): HealthTrend {
    const now = this.#clock.monotonicMs();
    const since = (all: readonly number[], ms: number): number =>
      all.filter((at) => now - at < ms).length;
    const faultsLastHour = since(this.#faultsMs, HOUR_MS);
    const faultsLastDay = since(this.#faultsMs, DAY_MS);
    const hoursBefore = Math.min(now - this.#beganMs, DAY_MS) / HOUR_MS - 1;
    return {
      faultsLastHour,
      faultsLastDay,
      restartsLastDay: since(this.#restartsMs, DAY_MS),
      direction: directionOf(faultsLastHour, faultsLastDay - faultsLastHour, hoursBefore),
    };
  }

  #add(all: number[]): void {
    all.push(this.#clock.monotonicMs());
    if (all.length > KEPT) all.shift();
  }
}

function directionOf(
  lastHour: number,
  before: number,
  hoursBefore: number,
): HealthTrend['direction'] {
  if (lastHour + before === 0) return 'none';
  if (hoursBefore < 1) return 'unknown';
  const usual = before / hoursBefore;
  if (lastHour >= FEWEST_THAT_TELL && lastHour > usual * CHANGE) return 'worse';
  return before >= FEWEST_THAT_TELL && lastHour * CHANGE < usual ? 'better' : 'steady';
}
