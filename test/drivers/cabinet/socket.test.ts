import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ktpBlanks,
  startCabinet,
  startCardPrinterDriver,
  startMotorReaderDriver,
  type CabinetRig,
} from './cabinet-rig.ts';

/** Sends lines as they are and collects what comes until the other side hangs up. */
function talk(path: string, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let heard = '';
    socket.on('data', (chunk) => (heard += chunk.toString()));
    socket.once('error', reject);
    socket.once('close', () => resolve(heard));
    socket.write(lines.map((line) => `${line}\n`).join(''));
  });
}

const HELLO = '{"type":"hello","device":"cardPrinter"}';
const REFUSED = '{"type":"refused","reason":"protocolViolation"}';

describe('the cable of a simulated device', () => {
  let rig: CabinetRig;
  beforeEach(async () => {
    rig = await startCabinet();
  });
  afterEach(() => rig.stop());

  it.each([
    ['a hello that is none', ['{"type":"hi"}'], 'unnamed', 'no hello'],
    ['a device it has not got', ['{"type":"hello","device":"laser"}'], 'unnamed', 'unknown device'],
    [
      'a command it does not know',
      [HELLO, '{"type":"request","id":1,"command":"selfDestruct","params":{}}'],
      'cardPrinter',
      'not understood at command',
    ],
    [
      'a parameter too many',
      [HELLO, '{"type":"request","id":1,"command":"presentCard","params":{"now":true}}'],
      'cardPrinter',
      'not understood at params',
    ],
    [
      'a request number used twice',
      [
        HELLO,
        ...Array<string>(2).fill('{"type":"request","id":1,"command":"getStatus","params":{}}'),
      ],
      'cardPrinter',
      'not a numbered request',
    ],
  ])('hangs up on %s, and puts it on record', async (_what, lines, device, reason) => {
    expect(await talk(rig.cabinet.socketPath, lines)).toContain(REFUSED);
    expect(rig.cabinet.record.since(0)).toMatchObject([
      { type: 'protocolViolation', device, reason },
    ]);
  });

  it('serves one host at a time, and the next when the first is gone', async () => {
    const first = await startCardPrinterDriver(rig.cabinet.socketPath);
    const second = await startCardPrinterDriver(rig.cabinet.socketPath, { retryMs: 20 });
    expect(second.events.named('statusChanged')).toMatchObject([
      { state: 'powerOff', reasons: ['inUse'] },
    ]);
    await first.driver.stop();
    await second.events.heard('statusChanged', ({ state }) => state === 'online');
    await second.driver.stop();
    expect(rig.cabinet.record.since(0)).toEqual([]);
  });

  it('is dead while the power is off and comes back by itself', async () => {
    const printer = await startCardPrinterDriver(rig.cabinet.socketPath, { retryMs: 20 });
    const reader = await startMotorReaderDriver(rig.cabinet.socketPath, { retryMs: 20 });
    printer.events.forget();
    reader.events.forget();
    await rig.cabinet.cutPower();
    await printer.events.heard('statusChanged', ({ state }) => state === 'powerOff');
    await reader.events.heard('statusChanged', ({ state }) => state === 'powerOff');
    expect(await printer.driver.handlers.getStatus({})).toMatchObject({
      ok: true,
      value: { state: 'powerOff', media: 'unknown', counters: null },
    });
    expect(await printer.driver.handlers.presentCard({})).toEqual({
      ok: false,
      error: { kind: 'deviceGone' },
    });
    await rig.cabinet.restorePower();
    await printer.events.heard('statusChanged', ({ state }) => state === 'online');
    await reader.events.heard('statusChanged', ({ state }) => state === 'online');
    await printer.driver.stop();
    await reader.driver.stop();
  });

  it('tells of an open door, and lets nothing move meanwhile', async () => {
    rig.cabinet.printerHands.load('ktp', ktpBlanks(9));
    const { driver, events } = await startCardPrinterDriver(rig.cabinet.socketPath);
    rig.cabinet.setDoor(true);
    await events.heard('statusChanged', ({ reasons }) => reasons[0] === 'doorOpen');
    expect(await driver.handlers.feedBlank({ feeder: 'ktp', blankKind: 'ktpEl' })).toEqual({
      ok: false,
      error: { kind: 'notReady', reason: 'doorOpen' },
    });
    rig.cabinet.setDoor(false);
    expect(await driver.handlers.feedBlank({ feeder: 'ktp', blankKind: 'ktpEl' })).toMatchObject({
      ok: true,
    });
    await driver.stop();
  });

  it('is not there at all before the cabinet is: the driver waits for it', async () => {
    const path = `${rig.cabinet.socketPath}.none`;
    const { driver, events } = await startCardPrinterDriver(path);
    expect(events.named('statusChanged')).toMatchObject([
      { state: 'powerOff', reasons: ['unreachable'] },
    ]);
    await driver.stop();
  });
});
