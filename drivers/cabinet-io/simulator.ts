import type { Clock, TimerHandle } from '../../src/base/clock.ts';
import { framed, HostFrames, requestOf, type HostRequest } from './simulator-line.ts';

/** §3, §4, §6 of PROTOCOL.md. */
const RESEND_MS = 200;
const HOST_LOST_MS = 5_000;
const COUNTS = 256;

export type WireState = 'inactive' | 'active' | 'broken';

export interface SimulatedControllerOptions {
  /** Letters of §3. */
  readonly sensors?: string;
  readonly lights?: string;
  readonly version?: number;
}

interface SimulatedContact {
  wire: WireState;
  count: number;
  acknowledged: number;
}

/**
 * Simulates the controller of PROTOCOL.md, contacts and lights with it. It is no firmware: contacts do not
 * bounce. Strict: a whole frame that is no request of the protocol is refused and kept in `violations`.
 */
export class SimulatedCabinetController {
  /** Frames that no host may send. */
  readonly violations: string[] = [];
  readonly #clock: Clock;
  readonly #send: (bytes: Uint8Array) => void;
  readonly #version: number;
  readonly #contacts: Map<string, SimulatedContact>;
  readonly #lights: Map<string, string>;
  #frames = new HostFrames();
  #start = 1;
  #host: TimerHandle | null = null;
  #change: { number: number; resend: TimerHandle | null } = { number: 0, resend: null };
  #silent = false;
  #toLose = 0;
  #toSpoil = 0;
  #toMiss = 0;

  constructor(
    clock: Clock,
    send: (bytes: Uint8Array) => void,
    { sensors = 'DFTKHRC', lights = 'ABCDEGX', version = 1 }: SimulatedControllerOptions = {},
  ) {
    this.#clock = clock;
    this.#send = send;
    this.#version = version;
    this.#contacts = new Map(
      sensors.split('').map((letter) => [letter, { wire: 'inactive', count: 0, acknowledged: 0 }]),
    );
    this.#lights = new Map(lights.split('').map((letter) => [letter, '0']));
    this.#darken();
  }

  /** What the host sent. */
  receive(bytes: Uint8Array): void {
    if (this.#silent) return;
    for (const body of this.#frames.push(bytes)) {
      if (this.#toMiss > 0) this.#toMiss -= 1;
      else this.#obey(body);
    }
  }

  /** Moves one contact, debounced. Throws on a letter that is not fitted. */
  move(letter: string, wire: WireState): void {
    const contact = this.#contacts.get(letter);
    if (contact === undefined) throw new Error(`no contact ${letter}`);
    if (contact.wire === wire) return;
    contact.wire = wire;
    const counts = wire === 'active' || (wire === 'broken' && letter === 'T');
    const next = (contact.count + 1) % COUNTS;
    if (counts && next !== contact.acknowledged) contact.count = next;
    this.#changed();
  }

  /** The digit of the rate at which a light shows. Throws on a letter that is not fitted. */
  light(letter: string): string {
    const rate = this.#lights.get(letter);
    if (rate === undefined) throw new Error(`no light ${letter}`);
    return rate;
  }

  /** Whether a host was heard within the last five seconds. */
  get hasHost(): boolean {
    return this.#host !== null;
  }

  /** Fault: neither hears nor says anything any more, while its contacts still count. */
  fallSilent(): void {
    this.#silent = true;
  }

  speakAgain(): void {
    this.#silent = false;
  }

  /** Fault: the next frames that it sends are lost on the way. */
  loseNext(frames: number): void {
    this.#toLose = frames;
  }

  /** Fault: the next frames that it sends have one bit turned over. */
  spoilNext(frames: number): void {
    this.#toSpoil = frames;
  }

  /** Fault: the next whole frames that the host sends are not heard. */
  missNext(frames: number): void {
    this.#toMiss = frames;
  }

  /** Fault: bytes that belong to no frame. */
  babble(bytes: Uint8Array): void {
    this.#send(bytes);
  }

  /** Power off and on. Without a battery for its memory the counts of doors and tamper tell of what nobody saw. */
  restart({ memory }: { readonly memory: 'kept' | 'lost' }): void {
    this.#start += 1;
    this.#frames = new HostFrames();
    this.#change.resend?.cancel();
    this.#change = { number: 0, resend: null };
    for (const [letter, contact] of this.#contacts) {
      if (memory === 'kept') continue;
      contact.count = 'DFT'.includes(letter) ? 1 : 0;
      contact.acknowledged = 0;
    }
    this.#loseHost();
  }

  /** Lets go of its timers, as when the supply is cut for good. */
  switchOff(): void {
    this.#silent = true;
    this.#host?.cancel();
    this.#change.resend?.cancel();
  }

  #obey(body: string): void {
    const request = requestOf(body);
    if (request === null) {
      this.violations.push(body);
      this.#say(`N,${body.slice(2, 4)},unknownRequest`);
      return;
    }
    this.#hearHost();
    const { verb, sequence } = request;
    switch (verb) {
      case 'A':
        if (sequence === this.#hex(this.#change.number)) this.#change.resend?.cancel();
        return;
      case 'Q': {
        const letters = [this.#contacts, this.#lights].map((fitted) => [...fitted.keys()].join(''));
        this.#say(`I,${sequence},${this.#version},${this.#startNumber()},${letters.join(',')}`);
        return;
      }
      case 'P':
        this.#say(this.#stateFrame(`S,${sequence}`));
        return;
      case 'L':
      case 'C': {
        const refusal = verb === 'L' ? this.setLight(request) : this.acknowledge(request);
        if (refusal !== null) this.violations.push(body);
        this.#say(
          refusal === null ? this.#stateFrame(`S,${sequence}`) : `N,${sequence},${refusal}`,
        );
      }
    }
  }

  setLight({ letter, value }: Extract<HostRequest, { verb: 'L' | 'C' }>): string | null {
    if (!this.#lights.has(letter)) return 'unknownLight';
    if (!/^[0-4]$/.test(value)) return 'badField';
    this.#lights.set(letter, value);
    return null;
  }

  acknowledge({ letter, value }: Extract<HostRequest, { verb: 'L' | 'C' }>): string | null {
    const contact = this.#contacts.get(letter);
    if (contact === undefined) return 'unknownSensor';
    if (!/^[0-9A-F]{2}$/.test(value)) return 'badField';
    contact.acknowledged = parseInt(value, 16);
    return null;
  }

  #stateFrame(head: string): string {
    const contacts = [...this.#contacts].map(([letter, contact]) =>
      this.contactText(letter, contact),
    );
    const rates = [...this.#lights.values()].join('');
    return [head, this.#startNumber(), rates, ...contacts].join(',');
  }

  contactText(letter: string, { wire, count, acknowledged }: SimulatedContact): string {
    const state = { inactive: '0', active: '1', broken: 'X' }[wire];
    return `${letter}${state}${this.#hex(count)}${this.#hex(acknowledged)}`;
  }

  /** Sends a change, and again until it is acknowledged or the host is gone. */
  #changed(): void {
    this.#change.number = (this.#change.number + 1) % COUNTS;
    this.#sendChange();
  }

  #sendChange(): void {
    this.#change.resend?.cancel();
    if (!this.hasHost) return;
    this.#say(this.#stateFrame(`E,${this.#hex(this.#change.number)}`));
    this.#change.resend = this.#clock.after(RESEND_MS, () => this.#sendChange());
  }

  #hearHost(): void {
    this.#host?.cancel();
    this.#host = this.#clock.after(HOST_LOST_MS, () => this.#loseHost());
  }

  #loseHost(): void {
    this.#host?.cancel();
    this.#host = null;
    this.#darken();
  }

  #darken(): void {
    for (const letter of this.#lights.keys()) this.#lights.set(letter, letter === 'X' ? '1' : '0');
  }

  #say(body: string): void {
    if (this.#silent) return;
    if (this.#toLose > 0) {
      this.#toLose -= 1;
      return;
    }
    const frame = framed(body);
    if (this.#toSpoil > 0) {
      this.#toSpoil -= 1;
      frame[3] = (frame[3] ?? 0) ^ 0x04;
    }
    this.#send(frame);
  }

  #startNumber(): string {
    return this.#start.toString(16).toUpperCase().padStart(4, '0');
  }

  #hex(value: number): string {
    return value.toString(16).toUpperCase().padStart(2, '0');
  }
}
