import { randomBytes } from 'node:crypto';
import { shortCommand, SW_SUCCESS } from './apdu.ts';
import {
  answer,
  parseCommand,
  SW_AUTHENTICATION_FAILED,
  SW_CONDITIONS_NOT_SATISFIED,
  SW_SECURE_MESSAGING_WRONG,
  SW_UNKNOWN_CLASS,
  SW_UNKNOWN_INSTRUCTION,
  SW_WRONG_DATA,
  SW_WRONG_LENGTH,
  type IccReply,
  type ShortCommand,
  type SimulatedIcc,
} from './simulated-icc.ts';
import {
  cardKeyOf,
  NONCE_BYTES,
  sameBytes,
  samOpenBodyOf,
  seal,
  TEST_CONF_HEX,
  TEST_MASTER_KEY,
  TEST_PCID_HEX,
  TestSession,
  unseal,
} from './test-scheme.ts';

const UID_BYTES = 8;
const CHALLENGE_BYTES = 8;

export interface SimulatedSamOptions {
  readonly pcidHex?: string;
  readonly confHex?: string;
  readonly masterKey?: Uint8Array;
}

/** A SIMULATED SAM for the test scheme. Unknown commands are refused and recorded. */
export class SimulatedSam implements SimulatedIcc {
  readonly atr = Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01);
  readonly violations: string[] = [];
  readonly #openBody: Uint8Array;
  readonly #masterKey: Uint8Array;
  #open = false;
  #cardKey: Buffer | null = null;
  #samNonce: Buffer | null = null;
  #session: TestSession | null = null;

  constructor(options: SimulatedSamOptions = {}) {
    this.#openBody = samOpenBodyOf(
      Buffer.from(options.pcidHex ?? TEST_PCID_HEX, 'hex'),
      Buffer.from(options.confHex ?? TEST_CONF_HEX, 'hex'),
    );
    this.#masterKey = options.masterKey ?? TEST_MASTER_KEY;
  }

  reset(): void {
    this.#open = false;
    this.#cardKey = null;
    this.#samNonce = null;
    this.#session = null;
  }

  transmit(apdu: Uint8Array): IccReply {
    const command = parseCommand(apdu);
    if (command === null) return this.#refuse(SW_WRONG_LENGTH, apdu);
    if (command.cla !== 0x00) return this.#refuse(SW_UNKNOWN_CLASS, apdu);
    switch (command.ins) {
      case 0xf0:
        this.reset();
        this.#open = sameBytes(command.data, this.#openBody);
        return answer(this.#open ? SW_SUCCESS : SW_WRONG_DATA);
      case 0xff:
        this.reset();
        return answer(SW_SUCCESS);
      case 0xf1:
        return this.#open ? this.#prove(command) : this.#refuse(SW_CONDITIONS_NOT_SATISFIED, apdu);
      case 0xf2:
        return this.#checkCard(command, apdu);
      case 0xf3:
        return this.#wrap(command, apdu);
      case 0xf4:
        return this.#unwrap(command, apdu);
      default:
        return this.#refuse(SW_UNKNOWN_INSTRUCTION, apdu);
    }
  }

  #prove({ data }: ShortCommand): IccReply {
    const controlBytes = data.length - UID_BYTES - CHALLENGE_BYTES;
    if (controlBytes <= 0) return answer(SW_WRONG_LENGTH);
    const uid8 = data.subarray(controlBytes, controlBytes + UID_BYTES);
    const challenge = data.subarray(controlBytes + UID_BYTES);
    const cardKey = cardKeyOf(this.#masterKey, uid8, data.subarray(0, controlBytes));
    const samNonce = randomBytes(NONCE_BYTES);
    this.#cardKey = cardKey;
    this.#samNonce = samNonce;
    const blocks = Buffer.concat([samNonce, challenge, Buffer.alloc(8)]);
    return answer(SW_SUCCESS, seal(cardKey, blocks));
  }

  #checkCard({ data }: ShortCommand, apdu: Uint8Array): IccReply {
    const { cardKey, samNonce } = { cardKey: this.#cardKey, samNonce: this.#samNonce };
    if (cardKey === null || samNonce === null)
      return this.#refuse(SW_CONDITIONS_NOT_SATISFIED, apdu);
    const opened = unseal(cardKey, data);
    if (opened === null || !sameBytes(opened.subarray(NONCE_BYTES), samNonce)) {
      return answer(SW_AUTHENTICATION_FAILED);
    }
    this.#session = new TestSession(cardKey, samNonce, opened.subarray(0, NONCE_BYTES));
    return answer(SW_SUCCESS);
  }

  #wrap({ data }: ShortCommand, apdu: Uint8Array): IccReply {
    const ins = data[1];
    if (this.#session === null || ins === undefined) {
      return this.#refuse(SW_CONDITIONS_NOT_SATISFIED, apdu);
    }
    const secured = shortCommand([0x0c, ins, 0x00, 0x00], this.#session.wrap(data), 256);
    return answer(SW_SUCCESS, secured);
  }

  #unwrap({ data }: ShortCommand, apdu: Uint8Array): IccReply {
    if (this.#session === null) return this.#refuse(SW_CONDITIONS_NOT_SATISFIED, apdu);
    const plain = this.#session.unwrap(data);
    if (plain !== null) return answer(SW_SUCCESS, plain);
    this.#session = null;
    return answer(SW_SECURE_MESSAGING_WRONG);
  }

  #refuse(sw: number, apdu: Uint8Array): IccReply {
    this.violations.push(`SAM: ${Buffer.from(apdu).toString('hex')}`);
    return answer(sw);
  }
}
