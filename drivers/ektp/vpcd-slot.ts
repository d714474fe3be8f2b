import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { SimulatedIcc } from './simulated-icc.ts';

/** The daemon opens its ports as it starts; until then, and while it restarts, the card waits outside. */
const RETRY_MS = 50;

/**
 * What a program changes between two looks of pcscd, 400 ms apart, pcscd may take for one card that stayed: it
 * tells of an empty slot only where its own watch finds it empty, not where other work of it comes upon that first
 * (a command that ends, the reset at a disconnect, the power-down of a card out of use). A hand is slower. So a slot
 * stays empty for the look that meets the cut connection and for as many more, of which one is the watch's.
 */
const LOOKS_AT_EMPTY_SLOT = 2;

/** Control bytes of the virtual PCD protocol, sent as frames of one byte. */
const POWER_OFF = 0;
const POWER_ON = 1;
const RESET = 2;
const GET_ATR = 4;
/** A look is a GET_ATR: the two bytes of its length, and itself. */
const LOOK_BYTES = 3;

/**
 * One slot of vpcd (vsmartcard). A connected socket is a card in the slot, a closed one an empty slot.
 * Frames in both directions: two length bytes, most significant first, then the content.
 */
export class VpcdSlot {
  readonly #port: number;
  #icc: SimulatedIcc | null = null;
  #socket: Socket | null = null;
  /** Completes when the daemon can no longer take the next card for the one before. */
  #seenEmpty: Promise<void> = Promise.resolve();

  constructor(port: number) {
    this.#port = port;
  }

  /**
   * Puts a card in, after a moment of an empty slot where one was taken out just now. Completes when the
   * daemon has it; keeps it in through restarts of the daemon.
   */
  async insert(icc: SimulatedIcc): Promise<void> {
    await this.remove();
    this.#icc = icc;
    await this.#seenEmpty;
    await this.#connect(icc);
  }

  /** Completes when the slot is empty. */
  async remove(): Promise<void> {
    this.#icc = null;
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null || socket.closed) return;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.destroy();
    this.#seenEmpty = this.#beSeenEmpty();
    await closed;
  }

  async #beSeenEmpty(): Promise<void> {
    for (let looks = 0; looks < LOOKS_AT_EMPTY_SLOT; looks += 1) {
      const socket = await this.#dial();
      // A daemon that is away has forgotten the card when it comes back.
      if (socket === null) return;
      await lookedAtInVain(socket);
    }
  }

  async #connect(icc: SimulatedIcc): Promise<void> {
    while (this.#icc === icc) {
      const socket = await this.#dial();
      if (socket !== null) {
        this.#serve(socket, icc);
        return;
      }
      await delay(RETRY_MS);
    }
  }

  /** Null where no daemon listens. */
  #dial(): Promise<Socket | null> {
    const socket = connect(this.#port, '127.0.0.1');
    socket.setNoDelay(true);
    return new Promise((resolve) => {
      socket.once('connect', () => resolve(socket));
      socket.once('error', () => resolve(null));
    });
  }

  #serve(socket: Socket, icc: SimulatedIcc): void {
    this.#socket = socket;
    let buffered = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      buffered = Buffer.concat([buffered, chunk]);
      while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
        const end = 2 + buffered.readUInt16BE(0);
        const frame = buffered.subarray(2, end);
        buffered = buffered.subarray(end);
        this.#onFrame(socket, icc, frame);
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      icc.reset();
      if (this.#socket !== socket) return;
      this.#socket = null;
      void this.#connect(icc);
    });
  }

  #onFrame(socket: Socket, icc: SimulatedIcc, frame: Buffer): void {
    if (frame.length === 1) {
      const control = frame.readUInt8(0);
      if (control === GET_ATR) send(socket, icc.atr);
      if (control === POWER_OFF || control === POWER_ON || control === RESET) icc.reset();
      return;
    }
    const reply = icc.transmit(frame);
    if (reply.kind === 'answer') send(socket, reply.bytes);
    if (reply.kind === 'gone') void this.remove();
  }
}

/** Hangs up on the first look. Completes when the daemon has let go too. */
function lookedAtInVain(socket: Socket): Promise<void> {
  let received = 0;
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received >= LOOK_BYTES) socket.end();
  });
  socket.on('error', () => socket.destroy());
  return new Promise((resolve) => void socket.once('close', () => resolve()));
}

/** Length and content in one write: two would wait for each other (RFC 896, RFC 1122 §4.2.3.2). */
function send(socket: Socket, content: Uint8Array): void {
  const frame = Buffer.alloc(2 + content.length);
  frame.writeUInt16BE(content.length);
  frame.set(content, 2);
  socket.write(frame);
}
