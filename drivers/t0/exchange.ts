import { err, ok, type Result } from '../../src/base/result.ts';

const GET_RESPONSE = 0xc0;
/** ISO/IEC 7816-4 §5.1.3: SW1 of "so many bytes wait" and of "ask again for so many". */
const SW1_BYTES_WAIT = 0x61;
const SW1_WRONG_LENGTH = 0x6c;
/** ISO/IEC 7816-4 §5.4.1: the bits of the class that say secure messaging, which GET RESPONSE has not. */
const SECURE_MESSAGING = 0x0c;
/** As much as an extended answer may hold, 256 bytes at a time, with room for shorter ones. */
const MOST_ROUNDS = 512;

/** `notShort`: no short command, which T=0 could not carry. `endless`: the card asks to be asked for ever. */
export type T0Fault = 'notShort' | 'endless';

/**
 * One command over T=0 as steps: each is a transport unit for the card, and the generator is resumed with what the
 * card answered to it (ISO/IEC 7816-3 §12.2). An answer too short for a status word is passed on as it is.
 */
export function* t0Exchange(
  apdu: Uint8Array,
): Generator<Uint8Array, Result<Uint8Array, T0Fault>, Uint8Array> {
  const unit = unitOf(apdu);
  if (unit === null) return err('notShort');
  const collected: Uint8Array[] = [];
  let next = unit;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const answer = yield next;
    const [sw1, sw2 = 0] = answer.subarray(-2);
    if (answer.length === 2 && sw1 === SW1_WRONG_LENGTH) {
      next = Uint8Array.of(...next.subarray(0, 4), sw2);
    } else if (answer.length >= 2 && sw1 === SW1_BYTES_WAIT) {
      collected.push(answer.subarray(0, -2));
      const cla = (apdu[0] ?? 0) & ~SECURE_MESSAGING;
      next = Uint8Array.of(cla, GET_RESPONSE, 0, 0, sw2);
    } else {
      return ok(Buffer.concat([...collected, answer]));
    }
  }
  return err('endless');
}

/**
 * One command over T=0, each unit carried by `transmit`. What cannot be carried, or would never end, becomes what
 * `refuse` makes of it.
 */
export async function overT0<E>(
  apdu: Uint8Array,
  transmit: (unit: Uint8Array) => Promise<Result<Uint8Array, E>>,
  refuse: (fault: T0Fault) => E,
): Promise<Result<Uint8Array, E>> {
  const steps = t0Exchange(apdu);
  let step = steps.next();
  while (step.done !== true) {
    const answer = await transmit(step.value);
    if (!answer.ok) return answer;
    step = steps.next(answer.value);
  }
  return step.value.ok ? step.value : err(refuse(step.value.error));
}

/** P3 is the length of the data where there are any, else of the answer; both at once T=0 does not know. */
function unitOf(apdu: Uint8Array): Uint8Array | null {
  if (apdu.length === 4) return Uint8Array.of(...apdu, 0);
  const [p3] = apdu.subarray(4);
  if (p3 === undefined) return null;
  if (apdu.length === 5) return apdu;
  const dataEnd = 5 + p3;
  if (p3 === 0 || apdu.length < dataEnd || apdu.length > dataEnd + 1) return null;
  return apdu.subarray(0, dataEnd);
}
