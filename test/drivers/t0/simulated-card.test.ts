import { describe, expect, it } from '@jest/globals';
import { ok } from '../../../src/base/result.ts';
import { overT0 } from '../../../drivers/t0/exchange.ts';
import { SimulatedT0Card, type SimulatedChip } from '../../../drivers/t0/simulated-card.ts';

const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex');

/** A chip that answers anything so. */
function cardAnswering(answerHex: string) {
  const commands: string[] = [];
  const chip: SimulatedChip = {
    atr: bytes('3b80800101'),
    reset: () => undefined,
    transmit: (apdu) => {
      commands.push(Buffer.from(apdu).toString('hex'));
      return { kind: 'answer', bytes: bytes(answerHex) };
    },
  };
  const card = new SimulatedT0Card(chip);
  const take = (unitHex: string): string => {
    const reply = card.transmit(bytes(unitHex));
    return reply.kind === 'answer' ? Buffer.from(reply.bytes).toString('hex') : reply.kind;
  };
  return { card, commands, take };
}

describe('a strict card of T=0', () => {
  it('answers a command with data by the number of bytes that wait, and hands them out once', () => {
    const { card, take } = cardAnswering('0102039000');
    expect(take('00f1000001aa')).toBe('6103');
    expect(take('00c0000002')).toBe('01026101');
    expect(take('00c0000001')).toBe('039000');
    expect(card.violations).toEqual([]);
    expect(take('00c0000001')).toBe('6700');
    expect(card.violations).toHaveLength(1);
  });

  it.each([
    ['the length of an answer after data', '00f1000001aa00'],
    ['a header alone', '00f10000'],
    ['GET RESPONSE where nothing waits', '00c0000000'],
  ])('takes %s for no unit', (_, unit) => {
    const { card, commands, take } = cardAnswering('0102039000');
    expect(take(unit)).toBe('6700');
    expect(commands).toEqual([]);
    expect(card.violations).toHaveLength(1);
  });

  it('hands out no more than waits, and nothing once another command came', () => {
    const { take } = cardAnswering('0102039000');
    take('00f1000001aa');
    expect(take('00c0000004')).toBe('6700');
    take('00f1000001aa');
    take('00b0000003');
    expect(take('00c0000003')).toBe('6700');
  });

  it('tells who asked for another length the right one', () => {
    const { take } = cardAnswering('0102039000');
    expect(take('00b0000000')).toBe('6c03');
    expect(take('00b0000003')).toBe('0102039000');
  });

  it.each(['00f1000001aa00', '00b0000000', '00b0000003', '00200000'])(
    'is understood by whoever carries %s over T=0',
    async (apdu) => {
      const { card } = cardAnswering('0102039000');
      const carried = await overT0(
        bytes(apdu),
        (unit) => {
          const reply = card.transmit(unit);
          if (reply.kind !== 'answer') throw new Error(reply.kind);
          return Promise.resolve(ok(reply.bytes));
        },
        (fault) => fault,
      );
      expect(carried).toEqual(ok(Buffer.from('0102039000', 'hex')));
      expect(card.violations).toEqual([]);
    },
  );
});
