import { describe, expect, it } from '@jest/globals';
import { openAsOwner } from '../../src/cli/journal-owner.ts';

const ask = (reason: string) =>
  openAsOwner({
    dataFolder: '/nowhere',
    configFile: '/nowhere/anjungan.toml',
    name: 'BUDI',
    reason,
  });

describe('the reason that goes on record in clear', () => {
  it.each([
    'asked by 9902014501900001 at the desk',
    'asked by 9902 0145 0190 0001',
    'asked by 99.02.01.450190.0001',
    'asked by 990201-450190-0001',
  ])('is refused with a sentence where it says: %s', (reason) => {
    const opened = ask(reason);
    expect(opened).toMatchObject({
      ok: false,
      error: { json: { error: { kind: 'noteHoldsNik' } } },
    });
    expect(JSON.stringify(opened)).toContain('name the request and not the person');
    expect(JSON.stringify(opened)).not.toContain('0001');
  });

  it('may name a request or a day', () => {
    const opened = ask('request REQ-2026-000123 of 2026-01-05, 15 digits: 990201450190000');
    expect(opened).not.toMatchObject({ error: { json: { error: { kind: 'noteHoldsNik' } } } });
  });
});
