import { assertNever } from '../../src/base/assert.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import { overT0 } from '../t0/exchange.ts';
import type { CcidInterface } from './descriptors.ts';
import type { CcidLink, LinkFault } from './link.ts';
import { CHAIN, errorNameOf, HEADER_BYTES, ICC_MUTE, type Reply } from './protocol.ts';

/**
 * `refused`: the reader did not do it, with its own reason. `broken`: it answered what the standard does not allow,
 * or nothing at all, or left a card its power (`stillPowered`); it is of no more use until it is opened anew.
 */
export type ExchangeFault =
  | { readonly kind: 'cardRemoved' }
  | { readonly kind: 'cardSilent' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'broken'; readonly fault: LinkFault | 'badChain' | 'stillPowered' };

type Exchanged = Promise<Result<Uint8Array, ExchangeFault>>;

/** ISO/IEC 7816-4 §5.1: header, length, 255 bytes of data, length of the answer. */
const MOST_SHORT_BYTES = 261;
/** 65 536 bytes and a status word. */
const MOST_ANSWER_BYTES = 65_538;

/** One command of a card and its answer, in the way in which the reader exchanges them. */
export function exchange(
  link: CcidLink,
  shape: CcidInterface,
  slot: number,
  apdu: Uint8Array,
): Exchanged {
  switch (shape.level) {
    case 'extendedApdu':
      return chained(link, shape, slot, apdu);
    case 'shortApdu':
      return apdu.length > MOST_SHORT_BYTES
        ? Promise.resolve(refused('commandTooLong'))
        : block(link, shape, slot, apdu);
    case 'tpdu':
      return overT0(
        apdu,
        (unit) => block(link, shape, slot, unit),
        (fault): ExchangeFault => ({ kind: 'refused', reason: fault }),
      );
    case 'character':
      return Promise.resolve(refused('exchangeLevelUnsupported'));
    default:
      return assertNever(shape.level);
  }
}

export async function powerOn(link: CcidLink, shape: CcidInterface, slot: number): Exchanged {
  let latest: Result<Uint8Array, ExchangeFault> = refused('noVoltage');
  for (const first of shape.powerSelects) {
    const powered = await done(link.command('iccPowerOn', slot, { first }));
    latest = powered.ok ? ok(powered.value.data) : powered;
    if (latest.ok || latest.error.kind !== 'cardSilent') return latest;
  }
  return latest;
}

/** Command and answer each in one block. */
async function block(
  link: CcidLink,
  shape: CcidInterface,
  slot: number,
  data: Uint8Array,
): Exchanged {
  if (data.length > roomIn(shape)) return refused('commandTooLong');
  const reply = await done(link.command('xfrBlock', slot, { data }));
  if (!reply.ok) return reply;
  return reply.value.chain === CHAIN.whole ? ok(reply.value.data) : broken('badChain');
}

/** Either may go over in several blocks, each of which the other side answers with an empty one (§6.1.4). */
async function chained(
  link: CcidLink,
  shape: CcidInterface,
  slot: number,
  apdu: Uint8Array,
): Exchanged {
  const room = roomIn(shape);
  if (room <= 0) return broken('tooLong');
  let sent = Math.min(room, apdu.length);
  let level: number = sent < apdu.length ? CHAIN.begins : CHAIN.whole;
  let data = apdu.subarray(0, sent);
  const answer: Uint8Array[] = [];
  let answerBytes = 0;
  for (;;) {
    const reply = await done(link.command('xfrBlock', slot, { level, data }));
    if (!reply.ok) return reply;
    const { chain, data: part } = reply.value;
    if (sent < apdu.length) {
      if (chain !== CHAIN.next || part.length > 0) return broken('badChain');
      data = apdu.subarray(sent, sent + room);
      sent += data.length;
      level = sent < apdu.length ? CHAIN.goesOn : CHAIN.ends;
      continue;
    }
    if (!mayFollow(chain, answer.length > 0)) return broken('badChain');
    answer.push(part);
    answerBytes += part.length;
    if (answerBytes > MOST_ANSWER_BYTES) return broken('tooLong');
    if (chain === CHAIN.whole || chain === CHAIN.ends) return ok(Buffer.concat(answer));
    // An answer that goes on with nothing would go on for ever.
    if (part.length === 0) return broken('badChain');
    level = CHAIN.next;
    data = new Uint8Array(0);
  }
}

const mayFollow = (chain: number, begun: boolean): boolean =>
  begun
    ? chain === CHAIN.goesOn || chain === CHAIN.ends
    : chain === CHAIN.whole || chain === CHAIN.begins;

const roomIn = ({ maxMessageBytes }: CcidInterface): number => maxMessageBytes - HEADER_BYTES;

/** Tells the fates of a command apart. */
async function done(
  answering: Promise<Result<Reply, LinkFault>>,
): Promise<Result<Reply, ExchangeFault>> {
  const answer = await answering;
  if (!answer.ok) {
    return answer.error === 'late' ? err({ kind: 'cardSilent' }) : broken(answer.error);
  }
  const reply = answer.value;
  // Also of a command that was done: a reader may answer for a card that it has just lost.
  if (reply.card === 'absent') return err({ kind: 'cardRemoved' });
  if (reply.command === 'done') return ok(reply);
  const reason = errorNameOf(reply.error);
  return reason === ICC_MUTE ? err({ kind: 'cardSilent' }) : refused(reason);
}

const refused = (reason: string) => err<ExchangeFault>({ kind: 'refused', reason });
const broken = (fault: LinkFault | 'badChain') => err<ExchangeFault>({ kind: 'broken', fault });
