import { systemClock, type Clock, type TimerHandle } from '../../src/base/clock.ts';
import { PrintHead, type PrintedLine } from './simulator-paper.ts';
import { StreamBreach, takeCommand, type PrinterCommand } from './simulator-parser.ts';

/** What the machine has; a command for what it has not is a breach. */
export interface SimulatedModel {
  readonly columns: number;
  readonly cutter: boolean;
  readonly nearEndSensor: boolean;
  readonly coverSensor: boolean;
  readonly processIds: boolean;
  readonly clearsBuffers: boolean;
  readonly automaticStatus: boolean;
}

export type SimulatedFault = 'paperEnds' | 'coverOpens' | 'cutterJams';

/**
 * How it answers. `half`: the first half of each answer, and nothing where that is one byte. `garbage`: bytes
 * that are no answer. `endless`: bytes that look like answers, for ever.
 */
export type Manner = 'good' | 'silent' | 'garbage' | 'half' | 'endless';

const DLE = 0x10;
const CLEAR = Buffer.of(DLE, 0x14, 8, 1, 3, 20, 1, 6, 2, 8);
const MEMORY_BYTES = 4_096;
const ROLL_LINES = 2_000;
const NEAR_END_LINES = 200;
const BABBLE_EVERY_MS = 1;

/**
 * Simulates a receipt printer that speaks ESC/POS, strictly: what it does not know is kept as `breach`, and it
 * says no more. It works through what it holds as fast as it can, unless it is held. Whoever reads what it
 * printed asks `receipts`, each torn or cut off, and `hanging`.
 */
export class SimulatedReceiptPrinter {
  readonly model: SimulatedModel;
  readonly receipts: PrintedLine[][] = [];
  /** What came, still torn off nowhere. */
  hanging: PrintedLine[] = [];
  breach: Error | null = null;
  manner: Manner = 'good';
  /** How it answers once it has answered once more. */
  afterNext: Manner | null = null;
  readonly #clock: Clock;
  readonly #head: PrintHead;
  #say: (bytes: Uint8Array) => void = () => undefined;
  #realTime = Buffer.alloc(0);
  #held = Buffer.alloc(0);
  #linesLeft = ROLL_LINES;
  #coverOpen = false;
  #cutterJammed = false;
  #planned: { readonly fault: SimulatedFault; lines: number } | null = null;
  #isHeld = false;
  #onHeld: (() => void)[] = [];
  #onAsked: (() => void)[] = [];
  #tells = 0;
  #told = '';
  #babble: TimerHandle | null = null;

  constructor(model: SimulatedModel, clock: Clock = systemClock) {
    this.model = model;
    this.#clock = clock;
    this.#head = new PrintHead(model.columns);
  }

  /** Where its answers go from now on; a line that was plugged in anew. */
  connect(say: (bytes: Uint8Array) => void): void {
    this.#say = say;
    this.#realTime = Buffer.alloc(0);
  }

  /** Power off and on: it holds nothing any more and tells no changes. */
  restart(): void {
    this.#held = Buffer.alloc(0);
    this.#head.reset();
    this.#tells = 0;
    this.#babble?.cancel();
    this.#babble = null;
  }

  loadRoll(lines: number = ROLL_LINES): void {
    this.#linesLeft = lines;
    this.#work();
  }

  openCover(): void {
    this.#strike('coverOpens');
  }

  closeCover(): void {
    this.#coverOpen = false;
    this.#work();
  }

  clearCutter(): void {
    this.#cutterJammed = false;
    this.#work();
  }

  /** Now, or so many printed lines later. A cutter jams when it next cuts. */
  strike(fault: SimulatedFault, afterLines = 0): void {
    if (afterLines === 0 && fault !== 'cutterJams') this.#strike(fault);
    else this.#planned = { fault, lines: afterLines };
  }

  /** It prints nothing until it is released, and is not at fault: it is slow. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#work();
  }

  /** Completes once it holds something that it does not print because it is held. */
  whenHolding(): Promise<void> {
    if (this.#isHeld && this.#held.length > 0) return Promise.resolve();
    return new Promise((resolve) => this.#onHeld.push(resolve));
  }

  /** It takes no more over a bus that can wait, real-time commands neither: they stand behind the rest. */
  get isFull(): boolean {
    return this.#held.length >= MEMORY_BYTES;
  }

  /** Completes when it is next asked how it is. */
  whenAsked(): Promise<void> {
    return new Promise((resolve) => this.#onAsked.push(resolve));
  }

  receive(bytes: Uint8Array): void {
    if (this.breach !== null) return;
    try {
      for (const byte of bytes) this.#take(byte);
      this.#work();
    } catch (error) {
      if (!(error instanceof StreamBreach)) throw error;
      this.breach = error;
    }
  }

  /** The reference, "Real-time commands": looked for in every byte that comes, wherever it stands. */
  #take(byte: number): void {
    this.#realTime = Buffer.concat([this.#realTime, Buffer.of(byte)]);
    const held = this.#realTime;
    const mayBeStatus = held[0] === DLE && (held.length < 2 || held[1] === 0x04);
    const mayBeClear = CLEAR.subarray(0, held.length).equals(held);
    if (mayBeStatus && held.length < 3) return;
    this.#realTime = Buffer.alloc(0);
    if (mayBeStatus) {
      this.#answer(Buffer.of(this.#realTimeStatus(byte)));
    } else if (mayBeClear && held.length < CLEAR.length) {
      this.#realTime = held;
    } else if (mayBeClear) {
      this.#clearBuffers();
    } else {
      this.#held = Buffer.concat([this.#held, held]);
    }
  }

  #clearBuffers(): void {
    if (!this.model.clearsBuffers) throw new StreamBreach('this model clears nothing');
    this.#held = Buffer.alloc(0);
    this.#head.reset();
    this.#answer(Buffer.of(0x37, 0x25, 0x00));
  }

  protected get stopped(): boolean {
    return this.#linesLeft === 0 || this.#coverOpen || this.#cutterJammed;
  }

  #work(): void {
    while (!this.#isHeld && !this.stopped) {
      const taken = takeCommand(this.#held);
      if (taken === null) break;
      this.#held = this.#held.subarray(taken.length);
      this.perform(taken.command);
    }
    this.#tellChanges();
    if (this.#isHeld && this.#held.length > 0) for (const wake of this.#onHeld.splice(0)) wake();
  }

  protected perform(command: PrinterCommand): void {
    switch (command.kind) {
      case 'setting':
        break;
      case 'cut':
        this.#cut();
        break;
      case 'tellChanges':
        if (!this.model.automaticStatus) throw new StreamBreach('this model tells no changes');
        this.#tells = command.mask;
        this.#told = '';
        this.#tellChanges();
        break;
      case 'askPaper':
        this.#answer(Buffer.of(this.#nearEnd ? 0x03 : 0x00));
        break;
      case 'askProcessId':
        if (!this.model.processIds) throw new StreamBreach('this model has no process ids');
        this.giveBack(command.id);
        break;
      case 'character':
      case 'lineFeed':
      case 'initialize':
      case 'emphasis':
      case 'align':
      case 'size':
      case 'qrModule':
      case 'qrContent':
      case 'qrPrint': {
        const line = this.#head.print(command);
        if (line !== null) this.#putOnPaper(line);
      }
    }
  }

  protected giveBack(id: string): void {
    this.#answer(Buffer.concat([Buffer.of(0x37, 0x22), Buffer.from(id, 'latin1'), Buffer.of(0)]));
  }

  #putOnPaper(line: PrintedLine): void {
    this.hanging.push(line);
    this.#linesLeft -= 1;
    if (this.#planned === null || this.#planned.fault === 'cutterJams') return;
    this.#planned.lines -= 1;
    if (this.#planned.lines <= 0) this.#strike(this.#planned.fault);
  }

  #cut(): void {
    if (!this.model.cutter) throw new StreamBreach('this model cuts nothing');
    if (this.#planned?.fault === 'cutterJams') this.#strike('cutterJams');
    else this.tearOff();
  }

  /** By the cutter or by hand. */
  tearOff(): void {
    this.receipts.push(this.hanging);
    this.hanging = [];
  }

  #strike(fault: SimulatedFault): void {
    this.#planned = null;
    if (fault === 'paperEnds') this.#linesLeft = 0;
    if (fault === 'coverOpens') this.#coverOpen = true;
    if (fault === 'cutterJams') this.#cutterJammed = true;
    this.#tellChanges();
  }

  get #nearEnd(): boolean {
    return this.model.nearEndSensor && this.#linesLeft <= NEAR_END_LINES;
  }

  /** `DLE EOT n`, the reference's four tables. */
  #realTimeStatus(question: number): number {
    const out = this.#linesLeft === 0;
    switch (question) {
      case 1:
        for (const wake of this.#onAsked.splice(0)) wake();
        return 0x12 | (this.stopped ? 0x08 : 0);
      case 2:
        return 0x12 | this.#cover(0x04) | (out ? 0x20 : 0) | (this.#cutterJammed ? 0x40 : 0);
      case 3:
        return 0x12 | (this.#cutterJammed ? 0x08 : 0);
      case 4:
        return 0x12 | (this.#nearEnd ? 0x0c : 0) | (out ? 0x60 : 0);
      default:
        throw new StreamBreach(`DLE EOT ${question}`);
    }
  }

  #cover(bit: number): number {
    return this.model.coverSensor && this.#coverOpen ? bit : 0;
  }

  /** `GS a`: four bytes whenever one of them is another than was told last. */
  #tellChanges(): void {
    if (this.#tells === 0) return;
    const status = Buffer.of(
      0x10 | (this.stopped ? 0x08 : 0) | this.#cover(0x20),
      this.#cutterJammed ? 0x08 : 0,
      (this.#nearEnd ? 0x03 : 0) | (this.#linesLeft === 0 ? 0x0c : 0),
      0,
    );
    if (this.#told === status.toString('hex')) return;
    this.#told = status.toString('hex');
    this.#answer(status);
  }

  #answer(bytes: Buffer): void {
    switch (this.manner) {
      case 'good':
        this.manner = this.afterNext ?? 'good';
        this.afterNext = null;
        this.#say(bytes);
        return;
      case 'silent':
        return;
      case 'garbage':
        this.#say(Buffer.alloc(bytes.length, 0xff));
        return;
      case 'half':
        if (bytes.length > 1) this.#say(bytes.subarray(0, bytes.length >> 1));
        return;
      case 'endless':
        if (this.#babble === null) this.#babbleOn();
    }
  }

  #babbleOn(): void {
    if (this.manner !== 'endless') {
      this.#babble = null;
      return;
    }
    this.#say(Buffer.alloc(64, 0x12));
    this.#babble = this.#clock.after(BABBLE_EVERY_MS, () => this.#babbleOn());
  }
}
