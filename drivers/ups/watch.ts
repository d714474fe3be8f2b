import { readFile } from 'node:fs/promises';
import type { Clock, TimerHandle } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { UpsOptions } from './options.ts';
import type { Variables } from './protocol.ts';
import { UpsdSession, type SessionFault } from './session.ts';
import type { OpenNutLine } from './transport.ts';

/** As often as a driver of upsd asks its UPS by itself (`ups.conf`, `pollinterval`). */
export const POLL_MS = 2_000;

export type UpsFault = SessionFault | 'signInUnreadable';

export interface WatchParts {
  readonly options: UpsOptions;
  readonly clock: Clock;
  readonly openLine: OpenNutLine;
  readonly onRead: (variables: Variables) => void;
  /** At most once; nothing is read after it. Not called after `close`. */
  readonly onLost: (fault: UpsFault) => void;
}

/** Reads one UPS again and again over one connection, until a fault ends it. */
export class UpsWatch {
  readonly #parts: WatchParts;
  readonly #session: UpsdSession;
  #timer: TimerHandle | null = null;
  #looking: Promise<void> | null = null;
  #over = false;

  private constructor(parts: WatchParts, session: UpsdSession) {
    this.#parts = parts;
    this.#session = session;
  }

  /** Completes when the UPS was read once; what was read went to `onRead`. */
  static async open(parts: WatchParts): Promise<Result<UpsWatch, UpsFault>> {
    const { clock, openLine, options } = parts;
    const { host, port } = options;
    let watch: UpsWatch | null = null;
    const session = await UpsdSession.open({
      clock,
      openLine,
      address: { host, port },
      onLost: (fault) => watch?.lose(fault),
    });
    if (!session.ok) return session;
    const first = await firstReading(session.value, options);
    if (!first.ok) {
      session.value.close();
      return first;
    }
    watch = new UpsWatch(parts, session.value);
    parts.onRead(first.value);
    watch.#lookLater();
    return ok(watch);
  }

  /** Reads the UPS now. Completes when it was read or lost. */
  look(): Promise<void> {
    this.#timer?.cancel();
    this.#looking ??= this.#look().finally(() => (this.#looking = null));
    return this.#looking;
  }

  close(): Promise<void> {
    this.#end();
    return Promise.resolve();
  }

  private lose(fault: UpsFault): void {
    if (this.#over) return;
    this.#end();
    this.#parts.onLost(fault);
  }

  async #look(): Promise<void> {
    const read = await this.#session.variables(this.#parts.options.ups);
    if (this.#over) return;
    if (!read.ok) {
      this.lose(read.error);
      return;
    }
    this.#parts.onRead(read.value);
    this.#lookLater();
  }

  #lookLater(): void {
    this.#timer = this.#parts.clock.after(POLL_MS, () => void this.look());
  }

  #end(): void {
    this.#over = true;
    this.#timer?.cancel();
    this.#session.close();
  }
}

async function firstReading(
  session: UpsdSession,
  { signIn, ups }: UpsOptions,
): Promise<Result<Variables, UpsFault>> {
  if (signIn !== undefined) {
    const read = await Promise.all([firstLine(signIn.userFile), firstLine(signIn.passwordFile)]);
    const [user, secret] = read;
    if (user === null || secret === null) return err('signInUnreadable');
    const signedIn = await session.signIn(user, secret);
    if (!signedIn.ok) return signedIn;
  }
  return session.variables(ups);
}

/** null where the file is not there, may not be read, or holds nothing that fits in one line. */
async function firstLine(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /^([\x20-\x7e]{1,256})\r?\n?$/.exec(text)?.[1] ?? null;
}
