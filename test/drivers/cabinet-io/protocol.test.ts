import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  acknowledgeCount,
  controllerMessageOf,
  showLight,
} from '../../../drivers/cabinet-io/protocol.ts';

describe('what a controller says', () => {
  it('is its identity', () => {
    expect(controllerMessageOf('I,0A,1,00A7,DFT,AX')).toEqual({
      kind: 'identity',
      sequence: 10,
      version: 1,
      start: '00A7',
      sensors: 'DFT',
      lights: 'AX',
    });
  });

  it('is a state, asked for or not', () => {
    expect(controllerMessageOf('S,01,00A7,004,D00303,T10100,KX0000')).toEqual({
      kind: 'state',
      cause: 'asked',
      sequence: 1,
      start: '00A7',
      rates: ['off', 'off', 'continuous'],
      contacts: [
        { letter: 'D', wire: 'inactive', count: 3, acknowledged: 3 },
        { letter: 'T', wire: 'active', count: 1, acknowledged: 0 },
        { letter: 'K', wire: 'unknown', count: 0, acknowledged: 0 },
      ],
    });
    expect(controllerMessageOf('E,FF,0001,')).toMatchObject({
      cause: 'changed',
      sequence: 255,
      rates: [],
      contacts: [],
    });
  });

  it('is a refusal', () => {
    expect(controllerMessageOf('N,01,unknownLight')).toEqual({
      kind: 'refusal',
      sequence: 1,
      reason: 'unknownLight',
    });
  });

  it.each([
    'S,01,00A7,005,D00303',
    'S,01,00A7,004,D20303',
    'S,01,00A7,004,D003',
    'S,01,00A7,004,D00303,D10303',
    'S,1,00A7,004',
    'I,01,1,00A7,DD,A',
    'I,01,1,00A7,D,AA',
    'P,01',
    'N,01,',
    '',
  ])('is nothing of the protocol in %j', (body) => {
    expect(controllerMessageOf(body)).toBeNull();
  });

  it('never makes its reader throw, and a state that is read names no sensor twice', () => {
    const nearly = fc.stringMatching(/^[SEIN](,[0-9A-FX]{0,6}){0,9}$/);
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string()), (body) => {
        const message = controllerMessageOf(body);
        if (message?.kind !== 'state') return;
        const letters = message.contacts.map(({ letter }) => letter);
        expect(new Set(letters).size).toBe(letters.length);
      }),
    );
  });
});

describe('what is asked of a controller', () => {
  it('names lights, rates, sensors and counts by the letters of PROTOCOL.md', () => {
    expect(showLight('documentPrinter', 'quick')(10)).toBe('L,0A,C3');
    expect(acknowledgeCount('tamper', 255)(1)).toBe('C,01,TFF');
  });
});
