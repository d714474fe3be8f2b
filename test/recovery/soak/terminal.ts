import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Clock } from '../../../src/base/clock.ts';
import { newId } from '../../../src/base/ids.ts';
import { err, ok } from '../../../src/base/result.ts';
import type { DeviceProxy } from '../../../src/devices/ports.ts';
import type { Registry } from '../../../src/registry/ports.ts';
import type { ServiceStatus } from '../../../src/session/context.ts';
import { SessionRunner } from '../../../src/session/runner.ts';
import { serviceStatus } from '../../../src/core/service-status.ts';
import { owedMessages } from '../../../src/core/owed-messages.ts';
import { openCase } from '../../../src/journal/vault/open-case.ts';
import type { Database } from '../../../src/store/database.ts';
import { migrationsOf, openDatabase } from '../../../src/store/open-database.ts';
import { Bench, mortalJournal, type Core } from '../../issuance/bench.ts';
import { Life } from '../../issuance/mortal.ts';
import { BesideIssuance } from './beside-issuance.ts';
import { ClockOfRun } from './clock-of-run.ts';
import { StaffPair } from './people.ts';

export const PIN = '246810';
export const OLD_CARD_UID = '04a1b2c3d4e5f6';

const calls = ['reserve', 'readReservation', 'renew', 'hold', 'release', 'printMaterial'] as const;

/** One run of core: the bench's, and what a session and the staff need beside it. */
export interface Running extends Core {
  readonly runner: SessionRunner;
  readonly staff: StaffPair;
  readonly clock: ClockOfRun;
  readonly beside: BesideIssuance;
}

/** The terminal whose core comes and goes. What outlives it is the bench: disk, cabinet, registry. */
export class SoakTerminal {
  readonly bench: Bench;
  /** What the citizen who stands there may print. */
  wanted: string | null = null;
  readonly fatal: unknown[] = [];
  readonly #keys: Database;
  readonly #folder: string;
  readonly #logFolder: string;
  #running: Running | null = null;
  #down = false;

  private constructor(bench: Bench, keys: Database, folder: string) {
    this.bench = bench;
    this.#keys = keys;
    this.#folder = folder;
    this.#logFolder = path.join(folder, 'log');
    mkdirSync(this.#logFolder);
  }

  static async open(): Promise<SoakTerminal> {
    const scratch = existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
    const folder = mkdtempSync(path.join(scratch, 'anjungan-soak-'));
    const keys = openDatabase(path.join(folder, 'keys.db'), migrationsOf('keys'));
    if (!keys.ok) throw new Error(keys.error.kind);
    const terminal = new SoakTerminal(await Bench.open(), keys.value, folder);
    const { registry } = terminal.bench;
    registry.requests.clear();
    const deliver = registry.deliver.bind(registry);
    // Of what citizens say of the service the registry of the bench knows nothing; it takes it.
    registry.deliver = (message, issuance) =>
      message.kind === 'feedback' && registry.answersReports
        ? { end: 'done', events: () => [] }
        : deliver(message, issuance);
    return terminal;
  }

  get core(): Running {
    if (this.#running === null) throw new Error('core does not run');
    return this.#running;
  }

  get registryDown(): boolean {
    return this.#down;
  }

  set registryDown(down: boolean) {
    this.#down = down;
    const { registry } = this.bench;
    registry.answersReports = !down;
    registry.interference.length = 0;
    if (!down) return;
    for (const call of calls) {
      registry.interference.push({ call, what: 'unreachable', times: Number.POSITIVE_INFINITY });
    }
  }

  /** A run that dies at its `deathAt`-th step; says what recovery commanded. */
  async start(deathAt: number): Promise<readonly string[]> {
    const { bench } = this;
    const life = new Life(deathAt);
    const clock = new ClockOfRun(bench.clock);
    const core = await bench.start({ life, deps: { clock } });
    const before = bench.cabinet.commands.length;
    await Promise.race([core.issuance.recover(), life.ended]);
    const commanded = bench.cabinet.commands.slice(before);
    core.outbox.start();
    const staff = await StaffPair.of(core, clock);
    const beside = new BesideIssuance(bench, core, {
      clock,
      keys: this.#keys,
      logFolder: this.#logFolder,
      registryAnswers: () => !this.#down,
      fatal: this.#fatalIn(life),
    });
    this.#running = { ...core, staff, clock, beside, runner: this.#runnerOf(core, clock, beside) };
    return commanded;
  }

  async kill(): Promise<void> {
    const { core } = this;
    // What the old run had under way has ended before the next one starts.
    await new Promise((resolve) => setImmediate(resolve));
    core.staff.close();
    await core.beside.stop();
    core.clock.end();
    await this.bench.kill(core);
    this.bench.cabinet.unplug();
    this.#running = null;
  }

  /** What the terminal can do now, told to the session as core tells it between citizens. */
  async tellService(): Promise<void> {
    const { core } = this;
    await core.issuance.refresh();
    core.runner.setService(serviceOf(core));
  }

  /** Bytes on disk of both databases, the write-ahead logs emptied into them. */
  databaseBytes(): number {
    return [this.core.database, this.#keys].reduce((sum, database) => {
      database.pragma('wal_checkpoint(TRUNCATE)');
      return sum + Number(database.pragma('page_count')) * Number(database.pragma('page_size'));
    }, 0);
  }

  async close(): Promise<void> {
    await this.kill();
    this.#keys.close();
    rmSync(this.#folder, { recursive: true });
    await this.bench.close();
  }

  /** Of a dead core nothing is fatal any more. */
  #fatalIn(life: Life): (cause: unknown) => void {
    return (cause) => {
      if (!life.isOver) this.fatal.push(cause);
    };
  }

  #runnerOf(core: Core, clock: Clock, { vault }: BesideIssuance): SessionRunner {
    const { bench } = this;
    const { registry } = bench;
    const { life, journal, issuance } = core;
    const mortal = <T>(happen: () => Promise<T>): Promise<T> => life.look(happen);
    const ports = {
      claimants: {
        verify: ({ known }: Parameters<Registry['claimants']['verify']>[0]) =>
          mortal(() =>
            Promise.resolve(
              this.#down
                ? err({ kind: 'unreachable' as const })
                : known.kind === 'pin' && known.pin === PIN
                  ? ok({ claimToken: newId('tok'), claimantName: 'S***', expiresAt: clock.now() })
                  : err({ kind: 'refused' as const, triesLeft: 2 }),
            ),
          ),
        endClaim: () => mortal(() => Promise.resolve(ok(undefined))),
      },
      requests: {
        list: () =>
          mortal(() => {
            const known = registry.requests.get(this.wanted ?? '');
            const listed = known === undefined ? [] : [{ ...known.listed, state: known.state }];
            return Promise.resolve(ok(listed));
          }),
      },
    } as unknown as Registry;
    const runner = new SessionRunner(
      {
        terminal: { terminalId: 'T-1', mode: 'specimen' },
        clock,
        registry: ports,
        issuance,
        cardReader: null,
        oldCardSlot: this.#slot(life),
        codeScanner: null,
        record: (events) =>
          life.step(`commit ${events[0]?.kind ?? ''}`, async () => {
            await journal.append({ events });
          }),
        openCase: (...of) => openCase(vault, ...of),
        enqueue: owedMessages(mortalJournal(journal, life)),
        fatal: this.#fatalIn(life),
      },
      { ...serviceOf(core), outOfService: null },
    );
    return runner;
  }

  /** The motorised slot as the session uses it; `issuance` has the bench's own proxy of the same parts. */
  #slot(life: Life): DeviceProxy<'cardReader'> {
    const { cabinet } = this.bench;
    const inner = cabinet.cardReader(life);
    const move = (held: boolean, value: unknown) => {
      const happened = (): Promise<unknown> => {
        cabinet.oldCards.held = held;
        return Promise.resolve(ok(value));
      };
      return life.step(held ? 'acceptCard' : 'returnCard', happened);
    };
    return {
      ...inner,
      execute: (command: string, params: unknown, context: unknown) => {
        if (command === 'acceptCard') return move(true, { uidHex: OLD_CARD_UID });
        if (command === 'returnCard') return move(false, {});
        return inner.execute(command as never, params as never, context as never);
      },
    } as DeviceProxy<'cardReader'>;
  }
}

const serviceOf = (core: Core): ServiceStatus =>
  serviceStatus({
    issuance: core.issuance,
    cardReader: null,
    codeScanner: null,
    registryAnswers: () => true,
    hasSpace: () => true,
    recordHolds: () => true,
    clockIsTrusted: () => true,
  });
