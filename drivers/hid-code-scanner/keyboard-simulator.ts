import { err, ok } from '../../src/base/result.ts';
import type { UsbIdentity } from '../contract/usb-identity.ts';
import type { HidHandlers } from './transport.ts';
import type { GrabFault, UsbKeyboardBus } from './usb-keyboard.ts';

/**
 * HID Usage Tables §10, United States layout, as a scanner in keyboard mode presses it: written apart from the
 * driver's table, key by key.
 */
const KEYS: ReadonlyMap<string, readonly [usage: number, shift: boolean]> = new Map([
  ...'abcdefghijklmnopqrstuvwxyz'
    .split('')
    .flatMap((letter, index) => [
      [letter, [0x04 + index, false]] as const,
      [letter.toUpperCase(), [0x04 + index, true]] as const,
    ]),
  ...'1!2@3#4$5%6^7&8*9(0)'
    .split('')
    .map((key, index) => [key, [0x1e + (index >> 1), index % 2 === 1]] as const),
  ...'-_=+[{]}\\|'
    .split('')
    .map((key, index) => [key, [0x2d + (index >> 1), index % 2 === 1]] as const),
  ...';:\'"`~,<.>/?'
    .split('')
    .map((key, index) => [key, [0x33 + (index >> 1), index % 2 === 1]] as const),
  [' ', [0x2c, false]],
  ['\n', [0x28, false]],
  ['\u001b', [0x29, false]],
]);
const LEFT_SHIFT = 0x02;

export const keyReport = (modifiers: number, ...usages: number[]): Uint8Array =>
  Uint8Array.from([modifiers, 0, ...usages, 0, 0, 0, 0, 0, 0].slice(0, 8));

/** Each key pressed and let go. Throws a RangeError on a character without a key here. */
export function keystrokes(text: string): Uint8Array[] {
  return text.split('').flatMap((character) => {
    const key = KEYS.get(character);
    if (key === undefined) throw new RangeError('no key for it');
    return [keyReport(key[1] ? LEFT_SHIFT : 0, key[0]), keyReport(0)];
  });
}

/**
 * Simulates a USB with boot keyboards on it. Strict: typing at one that nobody grabbed throws, for a real one
 * would then type into whatever has the focus.
 */
export class SimulatedUsbKeyboards implements UsbKeyboardBus {
  readonly #ids: Pick<UsbIdentity, 'vendorId' | 'productId'>;
  #plugged = 0;
  #handlers: HidHandlers | null = null;
  #refusal: GrabFault | null = null;

  constructor(ids: Pick<UsbIdentity, 'vendorId' | 'productId'>) {
    this.#ids = ids;
  }

  get grabbed(): boolean {
    return this.#handlers !== null;
  }

  plug(): void {
    this.#plugged += 1;
  }

  /** The last that was plugged in. */
  unplug(): void {
    this.#plugged -= 1;
    const handlers = this.#handlers;
    this.#handlers = null;
    handlers?.onGone();
  }

  /** Every grab fails so from now on. */
  refuse(fault: GrabFault): void {
    this.#refusal = fault;
  }

  send(reports: readonly Uint8Array[]): void {
    if (this.#handlers === null) throw new Error('nobody grabbed the keyboard');
    for (const report of reports) this.#handlers.onReport(report);
  }

  grab: UsbKeyboardBus['grab'] = ({ vendorId, productId }, handlers) => {
    const ours = vendorId === this.#ids.vendorId && productId === this.#ids.productId;
    if (!ours || this.#plugged === 0) return Promise.resolve(err({ kind: 'absent' as const }));
    if (this.#plugged > 1) return Promise.resolve(err({ kind: 'twoAlike' as const }));
    if (this.#refusal !== null) return Promise.resolve(err(this.#refusal));
    if (this.#handlers !== null) throw new Error('it is grabbed already');
    this.#handlers = handlers;
    return Promise.resolve(
      ok({
        close: () => {
          this.#handlers = null;
          return Promise.resolve();
        },
      }),
    );
  };
}
