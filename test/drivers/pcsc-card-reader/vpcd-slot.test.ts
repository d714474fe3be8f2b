import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SimulatedEKtp } from '../../../drivers/ektp/simulator.ts';
import { VpcdSlot } from '../../../drivers/ektp/vpcd-slot.ts';
import { Queue } from '../host/control-channel.ts';
import { siti, TYPE_A_UID } from '../ektp/synthetic-card.ts';

/** As vpcd asks for it: two bytes of length, and GET ATR. */
const LOOK = Uint8Array.of(0, 1, 4);

const newCard = (): SimulatedEKtp => new SimulatedEKtp({ uidHex: TYPE_A_UID, biodata: siti });

let daemon: ScriptedDaemon;
let slot: VpcdSlot;

/** The daemon's end of one slot, which looks when the test says so. */
class ScriptedDaemon {
  readonly #server: Server;
  readonly #arrivals = new Queue<Socket>();
  readonly #everybody = new Set<Socket>();
  #inSlot: Socket | undefined;

  constructor() {
    this.#server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      this.#everybody.add(socket);
      this.#arrivals.push(socket);
    });
  }

  /** Completes with the port. */
  async listen(port = 0): Promise<number> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Looks at who is in the slot, or else at the next who comes. */
  async look(): Promise<'card' | 'nothing'> {
    const socket = (this.#inSlot ??= await this.#arrivals.next());
    const answered = new Promise<boolean>((resolve) => {
      socket.once('data', () => resolve(true));
      socket.once('close', () => resolve(false));
    });
    socket.write(LOOK);
    if (await answered) return 'card';
    this.#inSlot = undefined;
    return 'nothing';
  }

  /** Nobody new comes in. Completes when whoever is in the slot has left too. */
  async stopListening(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  async die(): Promise<void> {
    const stopped = this.stopListening();
    for (const socket of this.#everybody) socket.destroy();
    await stopped;
  }
}

async function looks(times: number): Promise<readonly string[]> {
  const seen: string[] = [];
  while (seen.length < times) seen.push(await daemon.look());
  return seen;
}

let port: number;

beforeEach(async () => {
  daemon = new ScriptedDaemon();
  port = await daemon.listen();
  slot = new VpcdSlot(port);
});

afterEach(async () => {
  await slot.remove();
  await daemon.die();
});

describe('a virtual slot', () => {
  it('holds the first card at once', async () => {
    await slot.insert(newCard());
    expect(await daemon.look()).toBe('card');
  });

  it('is found empty three times between two cards, however soon the second follows', async () => {
    await slot.insert(newCard());
    expect(await daemon.look()).toBe('card');
    const next = slot.insert(newCard());
    expect(await looks(4)).toEqual(['nothing', 'nothing', 'nothing', 'card']);
    await next;
  });

  it('waits for no look of a daemon that has gone and forgotten the card', async () => {
    await slot.insert(newCard());
    expect(await daemon.look()).toBe('card');
    const gone = daemon.stopListening();
    await slot.remove();
    await gone;
    daemon = new ScriptedDaemon();
    await daemon.listen(port);
    await slot.insert(newCard());
    expect(await daemon.look()).toBe('card');
  });
});
