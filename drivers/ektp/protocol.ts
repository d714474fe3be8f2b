import { err, ok, type Result } from '../../src/base/result.ts';
import type { cardReaderCommands, EKtpBiodata } from '../contract/card-reader.ts';
import type { ErrorCodeOf } from '../contract/command.ts';
import {
  parseAnswer,
  readBinary,
  selectFile,
  shortCommand,
  SW_END_OF_FILE,
  SW_SUCCESS,
  type Answer,
} from './apdu.ts';
import { parseBiodata } from './biodata.ts';

const APPLICATION = 0x7f0a;
const EF_CARD_CONTROL = 0x6ff0;
const EF_BIODATA = 0x6ff1;
const EF_PHOTO = 0x6ff2;

const CHALLENGE_BYTES = 8;
const UID_BYTES = 8;
/** Of EXTERNAL AUTHENTICATE, `00 82 00 00 28`. */
const AUTHENTICATION_BYTES = 40;
/** What a reader with a short buffer still takes in one answer. */
const CLEAR_CHUNK_BYTES = 250;
/** Enciphered and with its check value, a chunk must still fit one short answer. */
const SECURE_CHUNK_BYTES = 112;
/** The chip holds 8 KB in all. */
const MAX_FILE_BYTES = 8_192;

export type ReadErrorCode = ErrorCodeOf<(typeof cardReaderCommands)['readIdentity']>;

/** One command for the card or the SAM; the generator is resumed with the whole answer. */
export interface ReadStep {
  readonly to: 'card' | 'sam';
  readonly apdu: Uint8Array;
}

export interface EKtpReading {
  readonly uidHex: string;
  readonly photoJpeg: Uint8Array;
  /** null where there is no SAM: the card is then only present, not authenticated. */
  readonly biodata: EKtpBiodata | null;
}

type Reading<T> = Generator<ReadStep, Result<T, ReadErrorCode>, Uint8Array>;

/**
 * The public command sequence of an e-KTP as pure steps: UID, application, photo in clear, and with a SAM
 * mutual authentication and the biodata under secure messaging. `samOpenBody` are the 32 bytes that
 * open the SAM, null where none is fitted. Each failure is a rung of the contract's ladder.
 */
export function* readEKtp(samOpenBody: Uint8Array | null): Reading<EKtpReading> {
  if (samOpenBody === null) return yield* readInClear();
  const opened = parseAnswer(
    yield { to: 'sam', apdu: shortCommand([0x00, 0xf0, 0x00, 0x00], samOpenBody) },
  );
  if (opened?.sw !== SW_SUCCESS) return err('samRefused');
  const reading = yield* readThroughSam();
  // Ends the SAM's session; the reading stands whatever it says.
  yield { to: 'sam', apdu: shortCommand([0x00, 0xff, 0x00, 0x00]) };
  return reading;
}

function* readThroughSam(): Reading<EKtpReading> {
  const inClear = yield* readInClear();
  if (!inClear.ok) return inClear;
  const authenticated = yield* authenticate(inClear.value.uidHex);
  if (!authenticated.ok) return authenticated;
  const selected = yield* askSecurely(selectFile(EF_BIODATA));
  if (!selected.ok) return selected;
  if (selected.value.sw !== SW_SUCCESS) return err('biodataUnreadable');
  const file = yield* readFile(askSecurely, SECURE_CHUNK_BYTES, 'biodataUnreadable');
  if (!file.ok) return file;
  const parsed = parseBiodata(file.value);
  if (!parsed.ok) return err('biodataUnreadable');
  return ok({ ...inClear.value, biodata: parsed.value.biodata });
}

function* readInClear(): Reading<EKtpReading> {
  const uid = yield* readUid();
  if (!uid.ok) return uid;
  const application = yield* askCard(selectFile(APPLICATION));
  if (!application.ok) return application;
  if (application.value.sw !== SW_SUCCESS) return err('notAnEKtp');
  const selected = yield* askCard(selectFile(EF_PHOTO));
  if (!selected.ok) return selected;
  if (selected.value.sw !== SW_SUCCESS) return err('cardGarbled');
  const photo = yield* readFile(askCard, CLEAR_CHUNK_BYTES, 'cardGarbled');
  if (!photo.ok) return photo;
  if (!isJpeg(photo.value)) return err('cardGarbled');
  return ok({
    uidHex: Buffer.from(uid.value).toString('hex').toUpperCase(),
    photoJpeg: photo.value,
    biodata: null,
  });
}

/** The reader itself answers for type A cards (PC/SC part 3 §3.2.2.1.3); type B cards have a command of their own. */
function* readUid(): Reading<Uint8Array> {
  const typeA = yield* askCard(shortCommand([0xff, 0xca, 0x00, 0x00], undefined, 256));
  if (!typeA.ok) return typeA;
  if (typeA.value.sw === SW_SUCCESS) {
    return typeA.value.data.length >= 4 && typeA.value.data.length <= UID_BYTES
      ? ok(typeA.value.data)
      : err('cardGarbled');
  }
  const typeB = yield* askCard(shortCommand([0x00, 0xdd, 0x00, 0x00], undefined, UID_BYTES));
  if (!typeB.ok) return typeB;
  if (typeB.value.sw !== SW_SUCCESS) return err('notAnEKtp');
  return typeB.value.data.length === UID_BYTES ? ok(typeB.value.data) : err('cardGarbled');
}

function* authenticate(uidHex: string): Reading<null> {
  const selected = yield* askCard(selectFile(EF_CARD_CONTROL));
  if (!selected.ok) return selected;
  if (selected.value.sw !== SW_SUCCESS) return err('cardGarbled');
  const control = yield* askCard(readBinary(0, 256));
  if (!control.ok) return control;
  const wholeFile = [SW_SUCCESS, SW_END_OF_FILE].includes(control.value.sw);
  if (!wholeFile || control.value.data.length === 0) return err('cardGarbled');
  const challenge = yield* askCard(
    shortCommand([0x00, 0x84, 0x00, 0x00], undefined, CHALLENGE_BYTES),
  );
  if (!challenge.ok) return challenge;
  if (challenge.value.sw !== SW_SUCCESS || challenge.value.data.length !== CHALLENGE_BYTES) {
    return err('cardGarbled');
  }
  const proofInput = Buffer.concat([
    control.value.data,
    Buffer.from(uidHex.padStart(2 * UID_BYTES, '0'), 'hex'),
    challenge.value.data,
  ]);
  if (proofInput.length > 255) return err('cardGarbled');
  const proof = yield* askSam(shortCommand([0x00, 0xf1, 0x00, 0x00], proofInput, 256));
  if (proof?.sw !== SW_SUCCESS || proof.data.length !== AUTHENTICATION_BYTES) {
    return err('authenticationFailed');
  }
  const cardProof = yield* askCard(shortCommand([0x00, 0x82, 0x00, 0x00], proof.data, 256));
  if (!cardProof.ok) return cardProof;
  if (cardProof.value.sw !== SW_SUCCESS) return err('authenticationFailed');
  // Asked for 256 bytes, a card may send one more than a command to the SAM can carry.
  if (cardProof.value.data.length > 255) return err('cardGarbled');
  const known = yield* askSam(shortCommand([0x00, 0xf2, 0x00, 0x00], cardProof.value.data));
  return known?.sw === SW_SUCCESS ? ok(null) : err('authenticationFailed');
}

/** Files begin with their length, two bytes, most significant first. */
function* readFile(
  ask: (apdu: Uint8Array) => Reading<Answer>,
  chunkBytes: number,
  broken: ReadErrorCode,
): Reading<Uint8Array> {
  const header = yield* ask(readBinary(0, 2));
  if (!header.ok) return header;
  if (header.value.sw !== SW_SUCCESS || header.value.data.length !== 2) return err(broken);
  const fileBytes = Buffer.from(header.value.data).readUInt16BE(0);
  if (fileBytes > MAX_FILE_BYTES) return err(broken);
  const chunks: Uint8Array[] = [];
  for (let read = 0; read < fileBytes;) {
    const asked = Math.min(chunkBytes, fileBytes - read);
    const chunk = yield* ask(readBinary(2 + read, asked));
    if (!chunk.ok) return chunk;
    const { sw, data } = chunk.value;
    if (sw !== SW_SUCCESS || data.length === 0 || data.length > asked) return err(broken);
    chunks.push(data);
    read += data.length;
  }
  return ok(Buffer.concat(chunks));
}

function* askCard(apdu: Uint8Array): Reading<Answer> {
  const answer = parseAnswer(yield { to: 'card', apdu });
  return answer === null ? err('cardGarbled') : ok(answer);
}

function* askSam(apdu: Uint8Array): Generator<ReadStep, Answer | null, Uint8Array> {
  return parseAnswer(yield { to: 'sam', apdu });
}

/** The SAM wraps the command and unwraps the answer: session keys never leave it. */
function* askSecurely(apdu: Uint8Array): Reading<Answer> {
  const wrapped = yield* askSam(shortCommand([0x00, 0xf3, 0x00, 0x00], apdu, 256));
  if (wrapped?.sw !== SW_SUCCESS) return err('secureMessagingFailed');
  const answer = yield* askCard(wrapped.data);
  if (!answer.ok) return answer;
  if (answer.value.sw !== SW_SUCCESS || answer.value.data.length > 255) {
    return err('secureMessagingFailed');
  }
  const unwrapped = yield* askSam(shortCommand([0x00, 0xf4, 0x00, 0x00], answer.value.data, 256));
  const plain = unwrapped?.sw === SW_SUCCESS ? parseAnswer(unwrapped.data) : null;
  return plain === null ? err('secureMessagingFailed') : ok(plain);
}

/** SOI and EOI markers (ITU-T T.81 annex B). */
function isJpeg(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  return first === 0xff && second === 0xd8 && bytes.at(-2) === 0xff && bytes.at(-1) === 0xd9;
}
