import type { Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { BulkPipe } from '../usb/bulk-pipes.ts';
import type { ClaimFault, NoUsb, TransferFault } from '../usb/usb-interface.ts';
import { ccidInterfacesIn } from './descriptors.ts';
import type { SimulatedCcidReader, SimulatedReaderOptions } from './simulator.ts';
import type { CcidBus, ListedCcid, OpenCcid } from './transport.ts';

const PACKET = 64;

export interface PluggedReader {
  readonly reader: SimulatedCcidReader;
  readonly vendorId?: number;
  readonly productId?: number;
  readonly serialNumber?: string | null;
  readonly port?: string;
  /** Another holds it. */
  readonly heldBy?: string;
}

/** What befalls the pipes of one that is plugged in. A claim does not clear them. */
interface PipeTrouble {
  readonly halted: Set<BulkPipe>;
  leavesAtFirstTransfer: boolean;
}

interface Claimed {
  readonly packets: Uint8Array[];
  readonly wake: Set<() => void>;
}

/**
 * Simulates a USB bus with CCID readers on it: packets of 64 bytes, a message of whole packets followed by an empty
 * one. Strict: a second opening, a transfer of half a packet and two transfers at once on one pipe throw. A transfer
 * ends with a packet, with its time, or with the reader's leaving.
 */
export class SimulatedCcidBus implements CcidBus {
  /** This machine has no USB at all. */
  isMissing = false;
  readonly #clock: Clock;
  readonly #plugged = new Map<string, PluggedReader & PipeTrouble>();
  readonly #claimed = new Map<string, Claimed>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  plug(plugged: PluggedReader): void {
    const port = plugged.port ?? '1-1';
    this.#plugged.set(port, { ...plugged, halted: new Set(), leavesAtFirstTransfer: false });
    plugged.reader.onChange = () => this.#wake(port);
    // Whoever held it before is long gone, and so is the power of the cards.
    for (const slot of plugged.reader.slots) slot.put(slot.card);
  }

  unplug(port = '1-1'): void {
    this.#plugged.delete(port);
    this.#wake(port);
    this.#claimed.delete(port);
  }

  /** It lets itself be claimed, and is gone when the first transfer comes. */
  unplugOnFirstTransfer(port = '1-1'): void {
    this.#pluggedIn(port).leavesAtFirstTransfer = true;
  }

  /** The pipe refuses all until it is cleared. */
  halt(pipe: BulkPipe, port = '1-1'): void {
    this.#pluggedIn(port).halted.add(pipe);
    this.#wake(port);
  }

  isOpen(port = '1-1'): boolean {
    return this.#claimed.has(port);
  }

  /** Lets what the reader withheld come over. */
  release(port = '1-1'): void {
    const claimed = this.#claimed.get(port);
    const messages = this.#plugged.get(port)?.reader.release() ?? [];
    if (claimed !== undefined) for (const message of messages) enqueue(claimed, message);
    this.#wake(port);
  }

  list(): Promise<Result<readonly ListedCcid[], NoUsb>> {
    if (this.isMissing) return Promise.resolve(err('noBus'));
    const all = [...this.#plugged].flatMap(([port, plugged]) =>
      ccidInterfacesIn(descriptorsOf(plugged.reader.options)).map((shape) => ({
        id: port,
        vendorId: plugged.vendorId ?? 0x08e6,
        productId: plugged.productId ?? 0x4433,
        serialNumber: plugged.serialNumber ?? null,
        port,
        shape,
      })),
    );
    return Promise.resolve(ok(all));
  }

  open(id: string): Promise<Result<OpenCcid, ClaimFault>> {
    if (this.#claimed.has(id)) throw new Error(`${id} is open already`);
    const plugged = this.#plugged.get(id);
    if (plugged === undefined) return Promise.resolve(err({ kind: 'absent' }));
    if (plugged.heldBy !== undefined) {
      return Promise.resolve(err({ kind: 'heldBy', holder: plugged.heldBy }));
    }
    const claimed: Claimed = { packets: [], wake: new Set() };
    this.#claimed.set(id, claimed);
    return Promise.resolve(ok(this.#opened(id, plugged, claimed)));
  }

  #opened(id: string, plugged: PluggedReader & PipeTrouble, claimed: Claimed): OpenCcid {
    const { reader, halted } = plugged;
    const isThere = (): boolean => this.#claimed.get(id) === claimed;
    /** What keeps a transfer from beginning or going on; null where nothing does. */
    const obstacle = (pipe: string): TransferFault | null => {
      if (plugged.leavesAtFirstTransfer) {
        plugged.leavesAtFirstTransfer = false;
        this.unplug(id);
      }
      if (!isThere()) return 'gone';
      return (pipe === 'in' || pipe === 'out') && halted.has(pipe) ? 'stalled' : null;
    };
    const busy = new Set<string>();
    const transfer = async (
      pipe: string,
      timeoutMs: number,
      take: () => Uint8Array | null,
    ): Promise<Result<Uint8Array, TransferFault>> => {
      if (busy.has(pipe)) throw new Error(`two transfers at once on the ${pipe} pipe`);
      busy.add(pipe);
      const taken = await this.#waitFor(claimed, () => obstacle(pipe), timeoutMs, take);
      busy.delete(pipe);
      return taken;
    };
    return {
      write: (bytes) => {
        const fault = obstacle('out');
        if (fault !== null) return Promise.resolve(err(fault));
        for (const message of reader.receive(bytes)) enqueue(claimed, message);
        return Promise.resolve(isThere() ? ok(undefined) : err('gone'));
      },
      read: (bytes, timeoutMs) => {
        if (bytes === 0 || bytes % PACKET !== 0) throw new Error(`a transfer of ${bytes} bytes`);
        return transfer('in', timeoutMs, () => dequeue(claimed, bytes));
      },
      notice: (timeoutMs) => transfer('interrupt', timeoutMs, () => reader.notice()),
      clearHalt: (pipe) => {
        halted.delete(pipe);
        return Promise.resolve();
      },
      requestAbort: (slot, sequence) => {
        if (!isThere()) return Promise.resolve(err('gone'));
        return Promise.resolve(
          reader.requestAbort(slot, sequence) ? ok(undefined) : err('stalled'),
        );
      },
      close: () => {
        if (busy.size > 0) throw new Error(`closed in the middle of ${[...busy].join()}`);
        if (isThere()) this.#claimed.delete(id);
        return Promise.resolve();
      },
    };
  }

  #waitFor(
    claimed: Claimed,
    obstacle: () => TransferFault | null,
    timeoutMs: number,
    take: () => Uint8Array | null,
  ): Promise<Result<Uint8Array, TransferFault>> {
    return new Promise((resolve) => {
      const finish = (end: Result<Uint8Array, TransferFault>): void => {
        timer.cancel();
        claimed.wake.delete(look);
        resolve(end);
      };
      const look = (): void => {
        const fault = obstacle();
        if (fault !== null) {
          finish(err(fault));
          return;
        }
        const taken = take();
        if (taken !== null) finish(ok(taken));
      };
      const timer = this.#clock.after(timeoutMs, () => finish(err('late')));
      claimed.wake.add(look);
      look();
    });
  }

  #pluggedIn(port: string): PipeTrouble {
    const plugged = this.#plugged.get(port);
    if (plugged === undefined) throw new Error(`nothing is plugged into ${port}`);
    return plugged;
  }

  #wake(port: string): void {
    const claimed = this.#claimed.get(port);
    if (claimed === undefined) return;
    if (!this.#plugged.has(port)) this.#claimed.delete(port);
    for (const look of [...claimed.wake]) look();
  }
}

function enqueue({ packets }: Claimed, message: Uint8Array): void {
  for (let at = 0; at <= message.length; at += PACKET) {
    packets.push(message.subarray(at, at + PACKET));
  }
}

/** As a host controller does: until a short packet, or until the buffer is full. */
function dequeue({ packets }: Claimed, bytes: number): Uint8Array | null {
  if (packets.length === 0) return null;
  const taken: Uint8Array[] = [];
  while (taken.length * PACKET < bytes) {
    const packet = packets.shift();
    if (packet === undefined) break;
    taken.push(packet);
    if (packet.length < PACKET) break;
  }
  return Buffer.concat(taken);
}

const FEATURES = { character: 0, tpdu: 0x1_0000, shortApdu: 0x2_0000, extendedApdu: 0x4_0000 };
const AUTOMATIC = 0x02;
const AUTOMATIC_VOLTAGE = 0x08;

/** Descriptors as such a reader has them: a device, a configuration, the interface, its class, its pipes. */
export function descriptorsOf(options: Required<SimulatedReaderOptions>): Uint8Array {
  const { level, slots, hasInterruptPipe, maxMessageBytes, voltages } = options;
  const ccid = Buffer.alloc(54);
  ccid.set([54, 0x21, 0x10, 0x01, slots - 1, 0x07, 0x03]);
  const automaticVoltage = voltages === 'automatic' ? AUTOMATIC_VOLTAGE : 0;
  ccid.writeUInt32LE(FEATURES[level] | AUTOMATIC | automaticVoltage, 40);
  ccid.writeUInt32LE(maxMessageBytes, 44);
  const pipes = hasInterruptPipe ? 3 : 2;
  return Buffer.concat([
    Buffer.from([18, 1, 0x10, 0x01, 0, 0, 0, 64, 0xe6, 0x08, 0x33, 0x44, 0, 0, 1, 2, 3, 1]),
    Buffer.from([9, 2, 86 + 7 * (pipes - 2), 0, 1, 1, 0, 0x80, 50]),
    Buffer.from([9, 4, 0, 0, pipes, 0x0b, 0, 0, 4]),
    ccid,
    ...(hasInterruptPipe ? [Buffer.from([7, 5, 0x81, 3, 64, 0, 255])] : []),
    Buffer.from([7, 5, 0x82, 2, 64, 0, 0]),
    Buffer.from([7, 5, 0x03, 2, 64, 0, 0]),
  ]);
}
