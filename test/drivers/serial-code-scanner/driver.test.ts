import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { err, ok } from '../../../src/base/result.ts';
import {
  makeSerialCodeScannerFactory,
  serialCodeScannerOptionsSchema,
} from '../../../drivers/serial-code-scanner/driver.ts';
import type { LineError, OpenLine } from '../../../drivers/serial-line/serial-line.ts';
import { EventLog } from '../cabinet/event-log.ts';

/** A line that cannot be opened until `error` is set to null. */
function makeLine(first: LineError['kind']) {
  const tries: number[] = [];
  const clock = new FakeClock();
  const line = { error: first as LineError['kind'] | null, tries, clock };
  const openLine: OpenLine = () => {
    tries.push(clock.monotonicMs());
    return Promise.resolve(
      line.error === null
        ? ok({ write: () => Promise.resolve(ok(undefined)), close: () => Promise.resolve() })
        : err({ kind: line.error }),
    );
  };
  const listPorts = () => Promise.resolve([]);
  const events = new EventLog<'codeScanner'>();
  const driver = makeSerialCodeScannerFactory({ clock, openLine, listPorts }).create(
    serialCodeScannerOptionsSchema.parse({ path: '/dev/nothing' }),
    events.emit,
  );
  return { ...line, line, events, driver };
}

describe('a serial scanner that is not there', () => {
  it('reports powerOff with the reason, and completes its start all the same', async () => {
    const { driver, events } = makeLine('absent');
    await driver.start();
    expect(events.named('statusChanged')).toEqual([
      { state: 'powerOff', reasons: ['absent'], requiredAction: 'maintenance' },
    ]);
    await driver.stop();
  });

  it('is looked for again after 250 ms, then ever more slowly, five seconds at most', async () => {
    const { driver, clock, tries } = makeLine('absent');
    await driver.start();
    for (const waitMs of [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]) {
      const before = tries.length;
      clock.advance(waitMs - 1);
      expect(tries).toHaveLength(before);
      clock.advance(1);
      expect(tries).toHaveLength(before + 1);
      await Promise.resolve();
      await Promise.resolve();
    }
    await driver.stop();
  });

  it('is online as soon as it can be opened', async () => {
    const { driver, clock, line, events } = makeLine('inUse');
    await driver.start();
    line.error = null;
    clock.advance(250);
    await events.heard('statusChanged', ({ state }) => state === 'online');
    await driver.stop();
  });

  it('is not looked for any more after stop', async () => {
    const { driver, clock, tries } = makeLine('refused');
    await driver.start();
    await driver.stop();
    clock.advance(60_000);
    expect(tries).toHaveLength(1);
  });
});

describe('a serial scanner that ends its codes with CR', () => {
  it('gives nobody the half code of whoever scanned before', async () => {
    const clock = new FakeClock();
    const events = new EventLog<'codeScanner'>();
    let hear: (bytes: Uint8Array) => void = () => undefined;
    const openLine: OpenLine = (_path, _baudRate, { onBytes }) => {
      hear = onBytes;
      const line = { write: () => Promise.resolve(ok(undefined)), close: () => Promise.resolve() };
      return Promise.resolve(ok(line));
    };
    const listPorts = () => Promise.resolve([]);
    const driver = makeSerialCodeScannerFactory({ clock, openLine, listPorts }).create(
      serialCodeScannerOptionsSchema.parse({ path: '/dev/nothing', framing: 'crTerminated' }),
      events.emit,
    );
    await driver.start();
    hear(Buffer.from('ANJ1.HAL'));
    clock.advance(501);
    hear(Buffer.from('ANJ1.WHOLE\r'));
    expect(events.named('codeRead')).toEqual([]);
    expect(events.named('statusChanged').at(-1)).toMatchObject({
      state: 'online',
      reasons: ['readDropped.partMissing'],
    });
    hear(Buffer.from('ANJ1.WHOLE\r'));
    expect(events.named('codeRead')).toEqual([{ payload: 'ANJ1.WHOLE' }]);
    await driver.stop();
  });
});

describe('the options of a serial scanner', () => {
  it('refuse a key with a typo by its name', () => {
    const parsed = serialCodeScannerOptionsSchema.safeParse({ path: '/dev/x', framming: 'stxEtx' });
    expect(parsed.error?.message).toContain('framming');
  });
});
