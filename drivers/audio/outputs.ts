import type { Clock, TimerHandle } from '../../src/base/clock.ts';
import { Mutex } from '../../src/base/mutex.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { AudioOutput } from '../contract/audio.ts';
import { KeptOpen, type OpenDevice } from '../contract/kept-open.ts';
import { away, ONLINE } from '../contract/status-teller.ts';
import type { CommonStatus } from '../contract/words.ts';
import { DEBIAN_PACKAGES, type SpeechFault } from './protocol.ts';

/** How often an output that has nothing to say is looked at: it may have been pulled out unheard. */
export const LOOK_EVERY_MS = 30_000;

export interface KeptOutputParts {
  readonly name: AudioOutput;
  readonly clock: Clock;
  /** Opens and closes the output without a sound. */
  readonly look: () => Promise<Result<void, SpeechFault>>;
  readonly isSounding: () => boolean;
  /** Called whenever `status` may have changed. */
  readonly changed: () => void;
}

/** One output that may be absent, or be pulled out and come back. */
export class KeptOutput {
  readonly name: AudioOutput;
  status: CommonStatus = { state: 'starting', reasons: [], requiredAction: 'none' };
  readonly #parts: KeptOutputParts;
  readonly #kept: KeptOpen;
  /** An output that one program has open may be closed to another: looking and speaking take turns. */
  readonly #oneAtATime = new Mutex();
  #lost: (status: CommonStatus) => void = () => undefined;
  #nextLook: TimerHandle | null = null;
  #stopped = false;

  constructor(parts: KeptOutputParts) {
    this.name = parts.name;
    this.#parts = parts;
    this.#kept = new KeptOpen({
      clock: parts.clock,
      open: (lost) => this.#open(lost),
      say: (status) => {
        this.status = status;
        parts.changed();
      },
    });
  }

  /** Completes when the output was looked for once, found or not. */
  start(): Promise<void> {
    return this.#kept.start();
  }

  /** Completes when the output is not open any more, not even to be looked at. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#nextLook?.cancel();
    await this.#kept.stop();
    await this.whileFree(() => Promise.resolve());
  }

  /** Runs `begin` while nothing else of this driver has the output open. */
  whileFree<T>(begin: () => Promise<T>): Promise<T> {
    return this.#oneAtATime.withLock(begin);
  }

  /** It failed in use; it is looked for again. */
  failed(fault: SpeechFault): void {
    this.#nextLook?.cancel();
    this.#lost(statusOf(this.name, fault));
  }

  async #open(lost: (status: CommonStatus) => void): Promise<Result<OpenDevice, CommonStatus>> {
    const seen = await this.#look();
    if (!seen.ok) return err(statusOf(this.name, seen.error));
    this.#lost = lost;
    this.#lookAgain();
    return ok({ close: () => Promise.resolve(this.#nextLook?.cancel()) });
  }

  #lookAgain(): void {
    if (this.#stopped) return;
    this.#nextLook = this.#parts.clock.after(LOOK_EVERY_MS, () => void this.#lookWhileIdle());
  }

  async #lookWhileIdle(): Promise<void> {
    const seen = await this.#look();
    if (seen.ok) this.#lookAgain();
    else this.failed(seen.error);
  }

  #look(): Promise<Result<void, SpeechFault>> {
    return this.whileFree(() =>
      this.#parts.isSounding() ? Promise.resolve(ok(undefined)) : this.#parts.look(),
    );
  }
}

/** What a fault of one output, or of what all need, is called in the status. */
export function statusOf(output: AudioOutput, fault: SpeechFault): CommonStatus {
  if (fault.kind !== 'missingProgram') return away(`${output}.${fault.kind}`);
  const { program } = fault;
  return {
    state: 'noDevice',
    reasons: [`missingProgram.${program}`, `debianPackage.${DEBIAN_PACKAGES[program]}`],
    requiredAction: 'configuration',
  };
}

/** One that is away does not silence the other: only without any is there no sound. */
export function statusOfAll(
  outputs: readonly { readonly status: CommonStatus }[],
  trouble: readonly string[],
): CommonStatus {
  const statuses = outputs.map(({ status }) => status);
  const worst = statuses.find(({ state }) => state !== 'online');
  const reasons = [...new Set([...statuses.flatMap((status) => status.reasons), ...trouble])];
  if (worst === undefined) return { ...ONLINE, reasons };
  const isAnyThere = statuses.some(({ state }) => state === 'online');
  return {
    state: isAnyThere ? 'online' : worst.state,
    reasons,
    requiredAction: worst.requiredAction,
  };
}
