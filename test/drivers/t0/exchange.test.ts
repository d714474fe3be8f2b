import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { t0Exchange } from '../../../drivers/t0/exchange.ts';

const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex');
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');

/** Plays the card: gives the answers one after another; says what was sent and how it ended. */
function play(apdu: string, ...answers: string[]) {
  const sent: string[] = [];
  const steps = t0Exchange(bytes(apdu));
  let step = steps.next();
  while (step.done !== true) {
    sent.push(hex(step.value));
    step = steps.next(bytes(answers.shift() ?? '9000'));
  }
  return { sent, end: step.value.ok ? hex(step.value.value) : step.value.error };
}

describe('a command over T=0', () => {
  it.each([
    ['without data either way', '00200001', ['0020000100'], ['9000'], '9000'],
    ['with an answer', '00b0000004', ['00b0000004'], ['aabbccdd9000'], 'aabbccdd9000'],
    ['with data', '00a40000027f0a', ['00a40000027f0a'], ['9000'], '9000'],
    [
      'with data and an answer, which is fetched',
      '0082000002aabb00',
      ['0082000002aabb', '00c0000004'],
      ['6104', '010203049000'],
      '010203049000',
    ],
    [
      'with an answer fetched in parts',
      '0082000001aa00',
      ['0082000001aa', '00c0000002', '00c0000001'],
      ['6102', '01026101', '039000'],
      '0102039000',
    ],
    [
      'with an answer of another length than asked for',
      '00b0000000',
      ['00b0000000', '00b0000003'],
      ['6c03', '0102039000'],
      '0102039000',
    ],
    [
      'under secure messaging, which GET RESPONSE is not',
      '0cb0000001aa00',
      ['0cb0000001aa', '00c0000001'],
      ['6101', 'ff9000'],
      'ff9000',
    ],
  ])('%s', (_, apdu, units, answers, end) => {
    expect(play(apdu, ...answers)).toEqual({ sent: units, end });
  });

  it.each(['', '00b0', '00a4000000aa', '00a40000057f0a', '00b000000000001000'])(
    'is not made of %s, which is no short command',
    (apdu) => {
      expect(play(apdu)).toEqual({ sent: [], end: 'notShort' });
    },
  );

  it('ends, even where the card asks to be asked for ever', () => {
    const forever = Array.from({ length: 1_000 }, () => '6101');
    expect(play('00b0000001', ...forever).end).toBe('endless');
  });

  it('passes an answer without a status word on as it is', () => {
    expect(play('00b0000001', '90').end).toBe('90');
    expect(play('00b0000001', '').end).toBe('');
  });

  it('comes to an end with any command and any answers', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 270 }),
        fc.array(fc.uint8Array({ maxLength: 5 }), { maxLength: 30 }),
        (apdu, answers) => {
          const { sent } = play(hex(apdu), ...answers.map(hex));
          for (const unit of sent) expect(unit.length).toBeGreaterThanOrEqual(10);
        },
      ),
    );
  });
});
