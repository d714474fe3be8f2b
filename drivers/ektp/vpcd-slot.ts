import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { SimulatedIcc } from './simulated-icc.ts';

/** The daemon opens its ports as it starts; until then, and while it restarts, the card waits outside. */
const RETRY_MS = 50;

/** Control bytes of the virtual PCD protocol, sent as frames of one byte. */
const POWER_OFF = 0;
const POWER_ON = 1;
const RESET = 2;
const GET_ATR = 4;

/**
 * One slot of vpcd (vsmartcard). A connected socket is a card in the slot, a closed one an empty slot.
 * Frames in both directions: two length bytes, most significant first, then the content.
 */
export class VpcdSlot {
  readonly #port: number;
  #icc: SimulatedIcc | null = null;
  #socket: Socket | null = null;

  constructor(port: number) {
    this.#port = port;
  }

  /** Puts a card in. Completes when the daemon has it; keeps it in through restarts of the daemon. */
  async insert(icc: SimulatedIcc): Promise<void> {
    await this.remove();
    this.#icc = icc;
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
    await closed;
  }

  async #connect(icc: SimulatedIcc): Promise<void> {
    while (this.#icc === icc) {
      const socket = connect(this.#port, '127.0.0.1');
      socket.setNoDelay(true);
      const connected = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true));
        socket.once('error', () => resolve(false));
      });
      if (connected) {
        this.#serve(socket, icc);
        return;
      }
      await delay(RETRY_MS);
    }
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

/** Length and content in one write: two would wait for each other (RFC 896, RFC 1122 §4.2.3.2). */
function send(socket: Socket, content: Uint8Array): void {
  const frame = Buffer.alloc(2 + content.length);
  frame.writeUInt16BE(content.length);
  frame.set(content, 2);
  socket.write(frame);
}
