import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { powerSchema, type Power } from '../../../drivers/contract/ups.ts';
import { commonStatusSchema } from '../../../drivers/contract/words.ts';
import { powerOf, statusOf } from '../../../drivers/ups/readings.ts';

const status = (words: string, more: Readonly<Record<string, string>> = {}) =>
  new Map(Object.entries({ 'ups.status': words, ...more }));

describe('the source of the power', () => {
  it.each<[string, Power['source'], boolean | null]>([
    ['OL', 'mains', false],
    ['OL CHRG', 'mains', false],
    ['ALARM OL RB', 'mains', false],
    ['OL LB', 'mains', true],
    ['OL BYPASS', 'mains', false],
    ['OB', 'battery', false],
    ['OB DISCHRG', 'battery', false],
    ['OB LB', 'battery', true],
    ['FSD OB LB', 'battery', true],
    ['FSD OL', 'unknown', true],
    ['OL OFF', 'unknown', false],
    ['OL OB', 'unknown', false],
    ['BYPASS', 'unknown', null],
    ['LB', 'unknown', true],
    ['WAIT', 'unknown', null],
    ['', 'unknown', null],
    ['OLB', 'unknown', null],
    ['ol', 'unknown', null],
  ])('is with "%s" %s, battery low %s', (words, source, batteryLow) => {
    expect(powerOf(status(words))).toMatchObject({ source, batteryLow });
  });

  it('is unknown where the UPS has no status', () => {
    expect(powerOf(new Map())).toEqual({
      source: 'unknown',
      batteryLow: null,
      runtimeLeftS: null,
      chargePercent: null,
    });
  });

  it('is mains or battery only with that word, and always in the words of the class', () => {
    const word = fc.constantFrom('OL', 'OB', 'LB', 'FSD', 'OFF', 'CAL', 'TRIM', 'X', '');
    fc.assert(
      fc.property(fc.array(word), fc.string(), fc.string(), (words, runtime, charge) => {
        const told = status(words.join(' '), {
          'battery.runtime': runtime,
          'battery.charge': charge,
        });
        const power = powerSchema.parse(powerOf(told));
        expect(commonStatusSchema.parse(statusOf(told)).state).toBe('online');
        if (power.source === 'mains') expect(words).toContain('OL');
        if (power.source === 'battery') expect(words).toContain('OB');
      }),
    );
  });
});

describe('the figures', () => {
  it.each<[string, number | null]>([
    ['1234', 1234],
    ['1234.00', 1234],
    ['59.99', 59],
    ['  12', 12],
    ['0', 0],
    ['-1', null],
    ['1e3', null],
    ['0x10', null],
    ['NaN', null],
    ['', null],
    ['12 34', null],
    ['9999999999', null],
  ])('reads a runtime of "%s" as %s', (text, seconds) => {
    const power = powerOf(status('OB', { 'battery.runtime': text }));
    expect(power.runtimeLeftS).toBe(seconds);
  });

  it.each<[string, number | null]>([
    ['100', 100],
    ['99.9', 99],
    ['101', null],
  ])('reads a charge of "%s" as %s', (text, percent) => {
    expect(powerOf(status('OL', { 'battery.charge': text })).chargePercent).toBe(percent);
  });
});

describe('the status of the device', () => {
  it.each<[string, string[], string]>([
    ['OL', [], 'none'],
    ['OB LB', ['batteryLow', 'onBattery'], 'none'],
    ['OL RB', ['replaceBattery'], 'maintenance'],
    ['OL OVER', ['overloaded'], 'maintenance'],
    ['WAIT', ['sourceNotTold'], 'none'],
  ])('is with "%s" online, for %j, and asks for %s', (words, reasons, requiredAction) => {
    expect(statusOf(status(words))).toEqual({ state: 'online', reasons, requiredAction });
  });
});
