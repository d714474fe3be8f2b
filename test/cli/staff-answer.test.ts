import { describe, expect, it } from '@jest/globals';
import { refused } from '../../src/cli/staff-answer.ts';

describe('what core did not do', () => {
  it('for a feeder whose blanks are not sure is said with what to do about it', () => {
    const report = refused({ refused: 'notPossible', reason: 'countNeeded', facts: {} });
    expect(report.lines).toEqual([
      'That cannot be done: countNeeded.',
      'What lies in that feeder may not be what the ledger has: count it first, and let two people correct what differs.',
    ]);
    expect(report.json).toEqual({ error: { kind: 'notPossible', reason: 'countNeeded' } });
    expect(report.exitStatus).toBe(1);
  });

  it('for a blank that was there before names it', () => {
    const facts = { serial: 'SPKTP00003' };
    const { lines } = refused({ refused: 'notPossible', reason: 'loadedBefore', facts });
    expect(lines).toEqual([
      'That cannot be done: loadedBefore serial SPKTP00003.',
      'Blank SPKTP00003 was loaded before.',
    ]);
  });

  it('for a reason that is no word of the stock is said as core sent it', () => {
    const { lines } = refused({ refused: 'notPossible', reason: 'toString', facts: {} });
    expect(lines).toEqual(['That cannot be done: toString.']);
  });
});
