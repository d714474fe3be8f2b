import { once } from 'node:events';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SimulatedSam } from '../../../drivers/ektp/simulated-sam.ts';
import { SimulatedEKtp, type SimulatedCardOptions } from '../../../drivers/ektp/simulator.ts';
import { SmartCardPeer } from './smart-card-peer.ts';

/** The emulated CCID readers: one for the citizen's card, one for the SAM. */
const READERS = ['card', 'sam'] as const;
type ReaderName = (typeof READERS)[number];

const socketOf = (folder: string, name: string): string => path.join(folder, `${name}.sock`);
const MONITOR = 'monitor';
const AGAIN_MS = 100;
const MOST_TRIES = 100;

/** Of QEMU's command line: the readers and the sockets to reach them by. */
export const readerArguments = (folder: string): string[] => [
  ...['-monitor', `unix:${socketOf(folder, MONITOR)},server,nowait`],
  ...READERS.flatMap((name) => [
    ...['-chardev', `socket,id=${name},path=${socketOf(folder, name)},server=on,wait=off`],
    ...deviceArguments(name, 0).flatMap((device) => ['-device', device]),
  ]),
];

/**
 * Each reader has a socket of its own, as only that tells two alike apart. One that was pulled out comes back under
 * another id: the old one may still be on its way out.
 */
const deviceArguments = (name: ReaderName, nth: number): readonly string[] => [
  `usb-ccid,id=${name}-reader-${nth},bus=xhci.0,port=${READERS.indexOf(name) + 1}`,
  `ccid-card-passthru,chardev=${name},id=${name}-card-${nth},bus=${name}-reader-${nth}.0`,
];

/** What is asked of the hands at the readers of a guest. */
export type ReaderOrder =
  | { readonly do: 'cardIn'; readonly card: SimulatedCardOptions }
  | { readonly do: 'cardOut' | 'readerOut' | 'readerIn' };

/** Puts cards in, takes them out, and pulls the reader itself. */
export class ReaderHands {
  readonly #folder: string;
  #card: SmartCardPeer | null = null;
  #sam: SmartCardPeer | null = null;
  #plugged = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Puts the SAM in, where it stays. Completes when both readers have their peers. */
  async begin(): Promise<void> {
    this.#sam = await SmartCardPeer.join(socketOf(this.#folder, 'sam'));
    this.#sam.insert(new SimulatedSam());
    this.#card = await SmartCardPeer.join(socketOf(this.#folder, 'card'));
  }

  async obey(order: ReaderOrder): Promise<void> {
    switch (order.do) {
      case 'cardIn':
        this.#card?.insert(new SimulatedEKtp(order.card));
        return;
      case 'cardOut':
        this.#card?.remove();
        return;
      case 'readerOut':
        // QEMU itself falls over a word of a card whose reader is on its way out.
        this.#card?.fallSilent();
        await this.#monitor(`device_del card-reader-${this.#plugged}`);
        this.#card?.leave();
        this.#card = null;
        return;
      case 'readerIn':
        this.#plugged += 1;
        for (const device of deviceArguments('card', this.#plugged)) await this.#plugIn(device);
        this.#card = await SmartCardPeer.join(socketOf(this.#folder, 'card'));
        return;
    }
  }

  leave(): void {
    this.#card?.leave();
    this.#sam?.leave();
  }

  /** QEMU refuses a card whose socket the one before still holds: until that one is gone for good. */
  async #plugIn(device: string): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      const said = await this.#monitor(`device_add ${device}`);
      if (!said.includes('Error')) return;
      if (tries === MOST_TRIES) throw new Error(`QEMU does not take ${device}: ${said}`);
      await delay(AGAIN_MS);
    }
  }

  /**
   * Completes with what QEMU says when it has taken the command in: its prompt comes again. What cards said before,
   * it has heard.
   */
  async #monitor(command: string): Promise<string> {
    const socket = connect(socketOf(this.#folder, MONITOR));
    let said = '';
    socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const prompts = async (count: number): Promise<void> => {
      while (said.split('(qemu)').length <= count) await once(socket, 'data');
    };
    await prompts(1);
    socket.write(`${command}\n`);
    await prompts(2);
    socket.destroy();
    return said.split('(qemu)')[1] ?? '';
  }
}
