import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  LineSplitter,
  listVariables,
  MAX_LINE_BYTES,
  MAX_VARIABLES,
  password,
  readOk,
  VariableList,
  wordsOf,
  type NutFault,
  type Variables,
} from '../../../drivers/ups/protocol.ts';
import type { Result } from '../../../src/base/result.ts';

const UPS = 'cabinet';

/** Feeds bytes in pieces whose lengths are `cuts`, as a connection delivers them, into one answer. */
function read(bytes: Uint8Array, cuts: readonly number[]): Result<Variables, string> | null {
  const splitter = new LineSplitter();
  const list = new VariableList(UPS);
  let from = 0;
  for (const length of [...cuts, bytes.length]) {
    const lines = splitter.push(bytes.subarray(from, from + length));
    from += length;
    if (!lines.ok) return lines;
    for (const line of lines.value) {
      const found = list.take(line);
      if (found !== null) return found;
    }
  }
  return null;
}

const readText = (text: string): Result<Variables, string> | null => read(Buffer.from(text), []);

const name = fc.stringMatching(/^[a-z][a-z0-9.]{0,30}$/);
const value = fc.stringMatching(/^[\x20-\x7e]{0,60}$/);
const variables = fc.dictionary(name, value, { maxKeys: 20 });
const cuts = fc.array(fc.nat(60), { maxLength: 20 });

/** As upsd writes it: made here, so that no encoder of the driver is tested by itself. */
const answerOf = (told: Readonly<Record<string, string>>): string =>
  [
    `BEGIN LIST VAR ${UPS}`,
    ...Object.entries(told).map(
      ([key, text]) => `VAR ${UPS} ${key} "${text.replace(/[\\"]/g, '\\$&')}"`,
    ),
    `END LIST VAR ${UPS}`,
    '',
  ].join('\n');

describe('the answer to LIST VAR', () => {
  it('gives every variable as it was told, however the bytes are cut', () => {
    fc.assert(
      fc.property(variables, cuts, (told, pieces) => {
        const found = read(Buffer.from(answerOf(told)), pieces);
        expect(found?.ok === true ? Object.fromEntries(found.value) : found).toEqual({ ...told });
      }),
    );
  });

  it('is never taken for whole where it was cut short', () => {
    fc.assert(
      fc.property(variables, fc.nat(), (told, at) => {
        const whole = Buffer.from(answerOf(told));
        const cut = whole.subarray(0, at % whole.length);
        expect(read(cut, [])).toBeNull();
      }),
    );
  });

  it('ends in variables, in a fault or in waiting, whatever bytes come', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4000 }), cuts, (bytes, pieces) => {
        const found = read(bytes, pieces);
        expect(found?.ok ?? false).toBe(false);
      }),
    );
  });

  it('is a fault with any line of garbage before its end', () => {
    const garbage = fc.stringMatching(/^[\x00-\x09\x0b-\xff]{1,60}$/);
    fc.assert(
      fc.property(variables, garbage, fc.nat(), (told, line, at) => {
        fc.pre(!/^ *VAR +cabinet /.test(line));
        const lines = answerOf(told).split('\n');
        lines.splice(at % (lines.length - 1), 0, line);
        expect(read(Buffer.from(lines.join('\n'), 'latin1'), [])).toEqual({
          ok: false,
          error: 'notNut',
        });
      }),
    );
  });

  it.each<[string, string]>([
    ['an answer to another question', 'VAR cabinet ups.status "OL"\n'],
    ['a list of another UPS', 'BEGIN LIST VAR neighbour\n'],
    ['a variable of another UPS', 'BEGIN LIST VAR cabinet\nVAR neighbour ups.status "OL"\n'],
    ['another list inside', 'BEGIN LIST VAR cabinet\nBEGIN LIST VAR cabinet\n'],
    ['the end of another list', 'BEGIN LIST VAR cabinet\nEND LIST VAR neighbour\n'],
    ['a value without its end', 'BEGIN LIST VAR cabinet\nVAR cabinet ups.status "OL\n'],
    ['two values', 'BEGIN LIST VAR cabinet\nVAR cabinet ups.status "OL" "OB"\n'],
    ['no value', 'BEGIN LIST VAR cabinet\nVAR cabinet ups.status\n'],
    [
      'a variable told twice',
      `BEGIN LIST VAR cabinet\n${'VAR cabinet ups.status "OL"\n'.repeat(2)}`,
    ],
    ['an error in the middle', 'BEGIN LIST VAR cabinet\nERR DATA-STALE\n'],
    ['an empty line', '\n'],
  ])('is no answer at all with %s', (_, text) => {
    expect(readText(text)).toEqual({ ok: false, error: 'notNut' });
  });

  it.each<[string, NutFault]>([
    ['ERR DATA-STALE', 'dataStale'],
    ['ERR DRIVER-NOT-CONNECTED', 'driverNotConnected'],
    ['ERR UNKNOWN-UPS', 'unknownUps'],
    ['ERR ACCESS-DENIED', 'accessDenied'],
    ['ERR DATA-STALE more words', 'dataStale'],
    ['ERR constructor', 'refused'],
    ['ERR', 'refused'],
    ['OK', 'notNut'],
  ])('told as %s is %s', (line, error) => {
    expect(readText(`${line}\n`)).toEqual({ ok: false, error });
  });

  it('takes as many variables as a UPS may have and not one more', () => {
    const list = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`v.${n}`, '0']));
    expect(readText(answerOf(list(MAX_VARIABLES)))?.ok).toBe(true);
    expect(readText(answerOf(list(MAX_VARIABLES + 1)))).toEqual({ ok: false, error: 'notNut' });
  });

  it('takes the longest line and ends at a longer one, long before it ends', () => {
    const line = (bytes: number): string => 'x'.repeat(bytes);
    expect(readText(`${line(MAX_LINE_BYTES)}\n`)).toEqual({ ok: false, error: 'notNut' });
    expect(readText(line(MAX_LINE_BYTES))).toBeNull();
    expect(readText(line(MAX_LINE_BYTES + 1))).toEqual({ ok: false, error: 'lineTooLong' });
  });
});

describe('what is sent', () => {
  it('is one line that upsd reads back as the same words', () => {
    fc.assert(
      fc.property(
        value.filter((text) => text !== ''),
        (secret) => {
          const line = password(secret);
          expect(line).not.toContain('\n');
          expect(wordsOf(line)).toEqual(['PASSWORD', secret]);
        },
      ),
    );
  });

  it('names the UPS bare, as upsd lists it', () => {
    expect(listVariables(UPS)).toBe('LIST VAR cabinet');
  });
});

describe('the answer to USERNAME and PASSWORD', () => {
  it.each(['OK', 'OK and more'])('%s is a yes', (line) => {
    expect(readOk(line).ok).toBe(true);
  });
  it.each<[string, NutFault]>([
    ['ERR ACCESS-DENIED', 'accessDenied'],
    ['ERR INVALID-PASSWORD', 'refused'],
    ['OKAY', 'notNut'],
    ['', 'notNut'],
  ])('%s is no yes', (line, error) => {
    expect(readOk(line)).toEqual({ ok: false, error });
  });
});
