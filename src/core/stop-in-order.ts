import type { Issuance } from '../issuance/issuance.ts';
import { JournalWriteError, type Journal } from '../journal/journal.ts';

/** A card in motion, presented or waiting to be drawn back is done by then; a jam may not be. */
export const STOP_LIMIT_MS = 90_000;

export interface Stoppable {
  stop(): Promise<void>;
}

export interface RunningParts {
  /** Consoles and the command line: nobody begins anything there any more. */
  readonly staffServers: readonly Stoppable[];
  /** The citizen's screens: they tell what becomes of the card until it is told. */
  readonly citizenServers: readonly Stoppable[];
  readonly runner: { stop(limitMs: number): Promise<void> };
  readonly issuance: Pick<Issuance, 'close' | 'underWay'>;
  readonly link: Stoppable;
  readonly sender: Stoppable;
  readonly devices: Stoppable;
  readonly journal: Pick<Journal, 'stop' | 'abandon'>;
  /** The documents' process and the connections of the terminal. */
  readonly release: () => Promise<void>;
  /** Closes the databases. */
  readonly close: () => void;
}

/**
 * Stops the terminal so that the record tells the truth of its end: nobody new is served, what moves
 * comes to its end, and only when nothing is left that could still be recorded does it say
 * `core.stopped`. An attempt that does not settle in time is left to recovery: the record then ends
 * without a word, as after a crash, and what the attempt would still say is not believed.
 */
export async function stopInOrder(parts: RunningParts, reason: string): Promise<void> {
  const { staffServers, citizenServers, runner, issuance, link, sender, devices, journal } = parts;
  issuance.close();
  await Promise.all([
    ...staffServers.map((server) => server.stop()),
    runner.stop(STOP_LIMIT_MS),
    link.stop(),
  ]);
  await sender.stop();
  await Promise.all(citizenServers.map((server) => server.stop()));
  const unsettled = issuance.underWay();
  // Before the devices go: the attempt would take their silence for an answer.
  if (unsettled) await journal.abandon();
  await devices.stop();
  await parts.release();
  if (!unsettled) await journal.stop(reason);
  parts.close();
}

/** Whether a failure during a stop is only somebody who came too late to be recorded. */
export const cameTooLate = (cause: unknown): boolean =>
  cause instanceof JournalWriteError && cause.kind === 'stopped';
