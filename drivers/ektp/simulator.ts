import { createHash, randomBytes } from 'node:crypto';
import type { EKtpBiodata } from '../contract/card-reader.ts';
import { SW_SUCCESS } from './apdu.ts';
import { formatBiodata } from './biodata.ts';
import {
  answer,
  parseCommand,
  SW_AUTHENTICATION_FAILED,
  SW_CONDITIONS_NOT_SATISFIED,
  SW_FILE_NOT_FOUND,
  SW_NO_FILE_SELECTED,
  SW_NOT_AUTHORISED,
  SW_OUTSIDE_FILE,
  SW_SECURE_MESSAGING_WRONG,
  SW_UNKNOWN_CLASS,
  SW_UNKNOWN_INSTRUCTION,
  SW_WRONG_LENGTH,
  type IccReply,
  type ShortCommand,
  type SimulatedIcc,
} from './simulated-icc.ts';
import {
  cardKeyOf,
  NONCE_BYTES,
  sameBytes,
  seal,
  TEST_MASTER_KEY,
  TestSession,
  unseal,
} from './test-scheme.ts';

/** `stranger`: takes any SAM's proof for good and answers with a proof that no SAM knows. */
export const CARD_FAULTS = ['pulledMidRead', 'garbage', 'silent', 'stranger'] as const;
export type CardFault = (typeof CARD_FAULTS)[number];

export interface SimulatedCardOptions {
  /** 4 or 7 bytes for type A, 8 for type B. */
  readonly uidHex: string;
  readonly biodata: EKtpBiodata;
  readonly photoJpeg?: Uint8Array;
  readonly fault?: CardFault | null;
  readonly masterKey?: Uint8Array;
}

const CHALLENGE_BYTES = 8;
const READS_BEFORE_PULLED = 3;
/** As long as the real one is said to be; what its bytes mean is not public. */
const CARD_CONTROL_BYTES = 51;
const SECURED_FILE = 0x6ff1;

/** A SIMULATED e-KTP: the public commands over a test authentication of our own making. Unknown commands are refused and recorded. */
export class SimulatedEKtp implements SimulatedIcc {
  readonly atr = Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01);
  readonly violations: string[] = [];
  readonly #uid: Buffer;
  readonly #fault: CardFault | null;
  readonly #cardKey: Buffer;
  readonly #files: ReadonlyMap<number, Buffer>;
  #applicationSelected = false;
  #selected: Buffer | null = null;
  #challenge: Buffer | null = null;
  #session: TestSession | null = null;
  #reads = 0;

  constructor(options: SimulatedCardOptions) {
    this.#uid = Buffer.from(options.uidHex, 'hex');
    this.#fault = options.fault ?? null;
    const control = createHash('sha512').update(this.#uid).digest().subarray(0, CARD_CONTROL_BYTES);
    const uid8 = Buffer.from(options.uidHex.padStart(16, '0'), 'hex');
    this.#cardKey = cardKeyOf(options.masterKey ?? TEST_MASTER_KEY, uid8, control);
    const padding = Buffer.alloc(5);
    this.#files = new Map([
      [0x6ff0, control],
      [
        SECURED_FILE,
        withLength(Buffer.concat([Buffer.from(formatBiodata(options.biodata)), padding])),
      ],
      [0x6ff2, withLength(Buffer.from(options.photoJpeg ?? placeholderPhoto(this.#uid)))],
    ]);
  }

  reset(): void {
    this.#applicationSelected = false;
    this.#selected = null;
    this.#challenge = null;
    this.#session = null;
    this.#reads = 0;
  }

  transmit(apdu: Uint8Array): IccReply {
    const command = parseCommand(apdu);
    if (command === null) return this.#refuse(SW_WRONG_LENGTH, apdu);
    // GET DATA for the UID is the reader's own answer, which works on a mute card too.
    if (command.cla === 0xff && command.ins === 0xca) {
      return this.#uid.length < 8
        ? answer(SW_SUCCESS, this.#uid)
        : answer(SW_CONDITIONS_NOT_SATISFIED);
    }
    if (this.#fault === 'silent') return { kind: 'silent' };
    if (command.cla === 0x0c) return this.#secured(command, apdu);
    if (command.cla !== 0x00) return this.#refuse(SW_UNKNOWN_CLASS, apdu);
    return this.#clear(command, apdu);
  }

  #clear(command: ShortCommand, apdu: Uint8Array): IccReply {
    switch (command.ins) {
      case 0xdd:
        return this.#uid.length === 8
          ? answer(SW_SUCCESS, this.#uid)
          : this.#refuse(SW_UNKNOWN_INSTRUCTION, apdu);
      case 0xa4:
        return this.#select(command);
      case 0xb0:
        if (this.#selected === this.#files.get(SECURED_FILE)) return answer(SW_NOT_AUTHORISED);
        return this.#read(command);
      case 0x84:
        this.#challenge = randomBytes(CHALLENGE_BYTES);
        return answer(SW_SUCCESS, this.#challenge);
      case 0x82:
        return this.#authenticate(command);
      default:
        return this.#refuse(SW_UNKNOWN_INSTRUCTION, apdu);
    }
  }

  #select({ data }: ShortCommand): IccReply {
    if (data.length !== 2) return answer(SW_WRONG_LENGTH);
    const fileId = data.readUInt16BE(0);
    if (fileId === 0x7f0a) {
      this.reset();
      this.#applicationSelected = true;
      return answer(SW_SUCCESS);
    }
    const file = this.#applicationSelected ? this.#files.get(fileId) : undefined;
    if (file === undefined) return answer(SW_FILE_NOT_FOUND);
    this.#selected = file;
    return answer(SW_SUCCESS);
  }

  #read({ p1p2, answerLength }: ShortCommand): IccReply {
    this.#reads += 1;
    if (this.#fault === 'pulledMidRead' && this.#reads > READS_BEFORE_PULLED)
      return { kind: 'gone' };
    if (this.#selected === null) return answer(SW_NO_FILE_SELECTED);
    if (this.#fault === 'garbage') return answer(SW_SUCCESS, Buffer.alloc(answerLength ?? 0, 0xa5));
    if (p1p2 > this.#selected.length) return answer(SW_OUTSIDE_FILE);
    const length = answerLength === 0 ? 256 : (answerLength ?? 0);
    return answer(SW_SUCCESS, this.#selected.subarray(p1p2, p1p2 + length));
  }

  #authenticate({ data }: ShortCommand): IccReply {
    const challenge = this.#challenge;
    this.#challenge = null;
    if (this.#fault === 'stranger') return answer(SW_SUCCESS, randomBytes(40));
    const opened = unseal(this.#cardKey, data);
    const mine = opened?.subarray(NONCE_BYTES, NONCE_BYTES + CHALLENGE_BYTES);
    if (opened === null || mine === undefined || challenge === null) {
      return answer(SW_AUTHENTICATION_FAILED);
    }
    if (!sameBytes(mine, challenge)) return answer(SW_AUTHENTICATION_FAILED);
    const samNonce = opened.subarray(0, NONCE_BYTES);
    const cardNonce = randomBytes(NONCE_BYTES);
    this.#session = new TestSession(this.#cardKey, samNonce, cardNonce);
    return answer(SW_SUCCESS, seal(this.#cardKey, Buffer.concat([cardNonce, samNonce])));
  }

  #secured(command: ShortCommand, apdu: Uint8Array): IccReply {
    const session = this.#session;
    if (session === null) return this.#refuse(SW_NOT_AUTHORISED, apdu);
    const unwrapped = session.unwrap(command.data);
    const plain = unwrapped === null ? null : parseCommand(unwrapped);
    if (unwrapped === null || plain === null) {
      this.#session = null;
      return answer(SW_SECURE_MESSAGING_WRONG);
    }
    const reply = this.#plainOfSecured(plain, unwrapped);
    if (reply.kind !== 'answer') return reply;
    return answer(SW_SUCCESS, session.wrap(reply.bytes));
  }

  #plainOfSecured(plain: ShortCommand, apdu: Uint8Array): IccReply {
    if (plain.cla === 0x00 && plain.ins === 0xa4) return this.#select(plain);
    if (plain.cla === 0x00 && plain.ins === 0xb0) return this.#read(plain);
    return this.#refuse(SW_UNKNOWN_INSTRUCTION, apdu);
  }

  #refuse(sw: number, apdu: Uint8Array): IccReply {
    this.violations.push(`card: ${Buffer.from(apdu).toString('hex')}`);
    return answer(sw);
  }
}

function withLength(content: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(content.length);
  return Buffer.concat([length, content]);
}

/** As long as a photo and framed like one (ITU-T T.81), with a comment for content: no picture of anybody. */
function placeholderPhoto(uid: Buffer): Buffer {
  const comment = Buffer.alloc(2_998, 'SPESIMEN ');
  uid.copy(comment);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(comment.length + 2);
  return Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0xfe), length, comment, Buffer.of(0xff, 0xd9)]);
}
