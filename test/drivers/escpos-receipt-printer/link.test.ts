import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { PrinterLink } from '../../../drivers/escpos-receipt-printer/link.ts';
import type { PrinterLine } from '../../../drivers/escpos-receipt-printer/transport.ts';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { ok } from '../../../src/base/result.ts';

const ONLINE_BYTE = 0x12;
const OFFLINE_BYTE = 0x1a;

/** A printer that is online, and answers each question at once. */
function linkToPrinter() {
  const clock = new FakeClock();
  const link = new PrinterLink(clock, () => undefined);
  const line: PrinterLine = {
    write: (bytes) => {
      if (bytes[0] === 0x10) link.onBytes(Uint8Array.of(ONLINE_BYTE));
      return Promise.resolve(ok(undefined));
    },
    close: () => Promise.resolve(),
  };
  return { clock, link, line };
}

describe('a line to a receipt printer that is opened anew', () => {
  it('begins when what was owed before has come, and takes none of it for an answer', async () => {
    const { clock, link, line } = linkToPrinter();
    const begun = link.begin(line);
    await turn();
    clock.advance(60);
    link.onBytes(Uint8Array.of(OFFLINE_BYTE, 0x37, 0x22));
    clock.advance(40);
    await turn();
    clock.advance(100);
    expect(await begun).toEqual(ok(undefined));
    expect(await link.state()).toMatchObject({ ok: true, value: { offline: false } });
  });

  it('does not begin where what comes has no end', async () => {
    const { clock, link, line } = linkToPrinter();
    const begun = link.begin(line);
    for (let ms = 0; ms < 1_100; ms += 50) {
      await turn();
      clock.advance(50);
      link.onBytes(Uint8Array.of(ONLINE_BYTE));
    }
    expect(await begun).toEqual({ ok: false, error: 'garbled' });
  });

  it('asks nothing more once it got an answer for which nobody asked', async () => {
    const { clock, link, line } = linkToPrinter();
    const begun = link.begin(line);
    await turn();
    clock.advance(100);
    await begun;
    link.onBytes(Uint8Array.of(ONLINE_BYTE));
    expect(await link.state()).toEqual({ ok: false, error: 'garbled' });
  });
});
