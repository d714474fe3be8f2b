import type { Clock, TimerHandle } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import { KeptOpen, type OpenDevice } from '../contract/kept-open.ts';
import { away } from '../contract/status-teller.ts';
import { clearBulkPipes } from '../usb/bulk-pipes.ts';
import { misconfigured, statusOf } from '../usb/claim-status.ts';
import type { CommonStatus } from '../contract/words.ts';
import type { ExchangeFault } from './exchange.ts';
import { CcidLink } from './link.ts';
import type { CcidDeviceOptions } from './options.ts';
import { parseNotice } from './protocol.ts';
import { CcidSlot, type SlotReader } from './slot.ts';
import type { CcidBus, ListedCcid, OpenCcid } from './transport.ts';

export interface CcidSurroundings {
  readonly clock: Clock;
  readonly bus: CcidBus;
}

/** A transfer under way cannot be called back, so closing waits for so long at most. */
const NOTICE_MS = 500;
/** How often the slots are asked where no pipe tells of cards, and where one does, but might miss one. */
const LOOK_MS = 300;
const LOOK_ANYWAY_MS = 2_000;

const STARTING: CommonStatus = { state: 'starting', reasons: [], requiredAction: 'none' };

/** One CCID interface, kept open through unplugging, and those of its slots that are asked for. */
export class CcidReader {
  readonly slots: readonly CcidSlot[];
  readonly #wanted: CcidDeviceOptions;
  readonly #with: CcidSurroundings;
  readonly #changed: () => void;
  readonly #kept: KeptOpen;
  #trouble: CommonStatus | null = STARTING;

  constructor(
    wanted: CcidDeviceOptions,
    slots: readonly number[],
    surroundings: CcidSurroundings,
    changed: () => void,
  ) {
    this.#wanted = wanted;
    this.#with = surroundings;
    this.#changed = changed;
    this.slots = slots.map((number) => new CcidSlot(number, changed));
    this.#kept = new KeptOpen({
      clock: surroundings.clock,
      open: (lost) => this.#open(lost),
      say: (status) => this.#say(status.state === 'online' ? null : status),
    });
  }

  /** Why it cannot be used; null while it can. */
  get trouble(): CommonStatus | null {
    return this.#trouble;
  }

  /** Completes when it was looked for once, found or not, and its slots were asked. */
  start(): Promise<void> {
    return this.#kept.start();
  }

  /** Completes when the interface is free for others. */
  stop(): Promise<void> {
    return this.#kept.stop();
  }

  #say(trouble: CommonStatus | null): void {
    this.#trouble = trouble;
    this.#changed();
  }

  async #open(lost: (status: CommonStatus) => void): Promise<Result<OpenDevice, CommonStatus>> {
    const { bus, clock } = this.#with;
    const all = await bus.list();
    if (!all.ok) return err(away(all.error));
    const ours = all.value.filter((one) => isWanted(one, this.#wanted));
    const [listed, other] = ours;
    if (listed === undefined) return err(away('absent'));
    if (other !== undefined) return err(misconfigured('twoAlike'));
    const { shape } = listed;
    if (this.slots.some(({ number }) => number >= shape.slots)) {
      return err(misconfigured('noSuchSlot'));
    }
    if (shape.level === 'character' || (shape.level === 'tpdu' && !shape.automaticParameters)) {
      return err(misconfigured('exchangeLevelUnsupported'));
    }
    const opened = await bus.open(listed.id);
    if (!opened.ok) return err(statusOf(opened.error));
    // One that stalls later is opened anew.
    await clearBulkPipes(opened.value);
    const following = new Following(opened.value, listed, this.slots, clock, (status) => {
      this.#say(status);
      void following.close().then(() => lost(status));
    });
    const failure = await following.begin();
    if (failure === null) return ok(following);
    await following.close();
    return err(failure);
  }
}

/** One opening of a reader: its link, and whoever listens to what happens in its slots. */
class Following implements OpenDevice, SlotReader {
  readonly link: CcidLink;
  readonly shape: ListedCcid['shape'];
  readonly #reader: OpenCcid;
  readonly #slots: readonly CcidSlot[];
  readonly #clock: Clock;
  readonly #failed: (status: CommonStatus) => void;
  #closed: Promise<void> | null = null;
  #listening: Promise<void> = Promise.resolve();
  #looking: Promise<void> = Promise.resolve();
  #timer: TimerHandle | null = null;
  #failure: CommonStatus | null = null;

  constructor(
    reader: OpenCcid,
    { shape }: ListedCcid,
    slots: readonly CcidSlot[],
    clock: Clock,
    failed: (status: CommonStatus) => void,
  ) {
    this.#reader = reader;
    this.shape = shape;
    this.#slots = slots;
    this.#clock = clock;
    this.#failed = failed;
    this.link = new CcidLink(reader, shape, clock);
  }

  /** Completes when every slot was asked once, with what went wrong; null where nothing did. */
  async begin(): Promise<CommonStatus | null> {
    for (const slot of this.#slots) slot.attach(this);
    const drained = await this.link.drain();
    if (!drained.ok) this.broken(drained.error);
    await this.#look();
    if (!this.#isOver()) {
      if (this.shape.interruptIn !== null) this.#listening = this.#listen();
      this.#lookLater();
    }
    return this.#failure;
  }

  broken(fault: Extract<ExchangeFault, { kind: 'broken' }>['fault']): void {
    this.#fail(
      fault === 'gone'
        ? away('unplugged')
        : {
            state: 'hardwareError',
            reasons: [`readerFailed.${fault}`],
            requiredAction: 'maintenance',
          },
    );
  }

  close(): Promise<void> {
    this.#closed ??= this.#shut();
    return this.#closed;
  }

  /** The slots first, so that nothing new begins; then what is under way comes to its end. */
  async #shut(): Promise<void> {
    this.#timer?.cancel();
    for (const slot of this.#slots) slot.lose();
    await this.#listening;
    await this.#looking;
    await this.link.exclusively(() => this.#reader.close());
  }

  #fail(status: CommonStatus): void {
    if (this.#failure !== null || this.#closed !== null) return;
    this.#failure = status;
    this.#failed(status);
  }

  /** To be asked rather than `#closed`, which a check before an `await` says nothing about after it. */
  #isOver(): boolean {
    return this.#closed !== null;
  }

  async #listen(): Promise<void> {
    while (!this.#isOver()) {
      const heard = await this.#reader.notice(NOTICE_MS);
      if (this.#isOver()) return;
      if (heard.ok) this.#take(heard.value);
      else if (heard.error !== 'late') this.broken(heard.error);
    }
  }

  #take(message: Uint8Array): void {
    const notices = parseNotice(message, this.shape.slots);
    if (notices === 'hardwareError') {
      this.#fail({
        state: 'hardwareError',
        reasons: ['readerFailed.hwError'],
        requiredAction: 'maintenance',
      });
      return;
    }
    if (notices === null) return;
    for (const slot of this.#slots) {
      const notice = notices[slot.number];
      if (notice !== undefined) slot.note(notice);
    }
    this.#looking = this.#looking.then(() => this.#look());
  }

  #lookLater(): void {
    if (this.#isOver()) return;
    const pauseMs = this.shape.interruptIn === null ? LOOK_MS : LOOK_ANYWAY_MS;
    this.#timer = this.#clock.after(pauseMs, () => {
      this.#looking = this.#looking.then(() => this.#look()).then(() => this.#lookLater());
    });
  }

  async #look(): Promise<void> {
    for (const slot of this.#slots) if (!this.#isOver()) await slot.look();
  }
}

function isWanted(listed: ListedCcid, wanted: CcidDeviceOptions): boolean {
  const fits = <T>(wish: T | null, is: T | null): boolean => wish === null || wish === is;
  return (
    fits(wanted.vendorId, listed.vendorId) &&
    fits(wanted.productId, listed.productId) &&
    fits(wanted.serialNumber, listed.serialNumber) &&
    fits(wanted.port, listed.port) &&
    fits(wanted.interfaceNumber, listed.shape.interfaceNumber)
  );
}
