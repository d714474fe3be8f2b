import type { CommonStatus } from '../../../drivers/contract/words.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { Emitter } from '../../../src/base/emitter.ts';
import { err, ok, type Result } from '../../../src/base/result.ts';
import { recordDevices } from '../../../src/core/device-record.ts';
import { RegistryLink } from '../../../src/core/registry-link.ts';
import type { DeviceHealth } from '../../../src/devices/health.ts';
import type { DeviceSupervisor, SupervisorEvents } from '../../../src/devices/ports.ts';
import { RetentionJob } from '../../../src/journal/retention/retention.ts';
import { Vault } from '../../../src/journal/vault/vault.ts';
import type { Database } from '../../../src/store/database.ts';
import { mortalJournal, type Bench, type Core } from '../../issuance/bench.ts';

/** As the configuration has it where it says nothing. */
const HEARTBEAT_MS = 60_000;
/** Personal fields live a day here and not thirty, so that a short run comes to their erasure too. */
const KEPT = { personalFieldsDays: 1, logDays: 30, journalYears: 10 } as const;

/** What core runs beside its issuance, and what that writes: cases and their end, heads, states of devices. */
export class BesideIssuance {
  readonly vault: Vault;
  readonly #bench: Bench;
  readonly #core: Core;
  readonly #link: RegistryLink;
  readonly #retention: RetentionJob;
  readonly #devices = new Emitter<SupervisorEvents>();

  constructor(
    bench: Bench,
    core: Core,
    has: {
      readonly clock: Clock;
      readonly keys: Database;
      readonly logFolder: string;
      readonly registryAnswers: () => boolean;
      readonly fatal: (cause: unknown) => void;
    },
  ) {
    const { life } = core;
    const { clock, keys, logFolder, registryAnswers, fatal } = has;
    const journal = mortalJournal(core.journal, life);
    this.#bench = bench;
    this.#core = core;
    this.vault = new Vault({ journal, keys, clock });
    const heartbeat = () =>
      life.look(() =>
        Promise.resolve(registryAnswers() ? ok(undefined) : err({ kind: 'unreachable' as const })),
      );
    this.#link = new RegistryLink({
      outcomes: { heartbeat },
      journal,
      clock,
      keepsHeads: true,
      everyMs: HEARTBEAT_MS,
      inService: () => true,
      onChanged: () => undefined,
      onBeat: () => undefined,
      fatal,
    });
    this.#retention = new RetentionJob({
      journal,
      vault: this.vault,
      clock,
      logFolder,
      times: KEPT,
      clockIsConfirmed: () => true,
      fatal,
    });
    recordDevices(this.#devices as unknown as DeviceSupervisor, (events) => {
      journal.append({ events }).catch(fatal);
    });
    this.#link.start().catch(fatal);
    this.#retention.start();
  }

  /** Looks how the printers are, and writes what is new. */
  async lookAtDevices(): Promise<void> {
    const { cabinet } = this.#bench;
    const { life } = this.#core;
    const nobody = { sessionId: null };
    const cards = await cabinet.cardPrinter(life).execute('getStatus', {}, nobody);
    this.#says('cardPrinter', cards);
    const pages = await cabinet.pagePrinter(life).execute('getStatus', {}, nobody);
    this.#says('pagePrinter', pages);
  }

  #says(name: 'cardPrinter' | 'pagePrinter', status: Result<CommonStatus, unknown>): void {
    if (!status.ok) return;
    const { state, reasons, requiredAction } = status.value;
    const health = { name, deviceClass: name, state, reasons, requiredAction };
    this.#devices.emit('healthChanged', health as unknown as DeviceHealth);
  }

  /** Completes when nothing of it is under way; at once where core is dead, which ends nothing in an orderly way. */
  async stop(): Promise<void> {
    const stopped = Promise.all([this.#link.stop(), this.#retention.stop()]);
    if (!this.#core.life.isOver) await stopped;
  }
}
