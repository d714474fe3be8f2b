import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Driver } from '../../../drivers/contract/driver.ts';
import { UNKNOWN_POWER } from '../../../drivers/contract/ups.ts';
import { makeUpsFactory } from '../../../drivers/ups/driver.ts';
import { upsOptionsSchema } from '../../../drivers/ups/options.ts';
import { ANSWER_MS } from '../../../drivers/ups/session.ts';
import { SimulatedUpsd, type UpsdFault } from '../../../drivers/ups/simulator.ts';
import { openNutLine } from '../../../drivers/ups/transport.ts';
import { POLL_MS } from '../../../drivers/ups/watch.ts';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { EventLog } from '../cabinet/event-log.ts';

const FIRST_RETRY_MS = 250;

let upsd: SimulatedUpsd;
let clock: FakeClock;
let events: EventLog<'ups'>;
let driver: Driver<'ups'>;

function make(options: object = {}): Driver<'ups'> {
  const parsed = upsOptionsSchema.parse({ ups: 'cabinet', port: upsd.port, ...options });
  driver = makeUpsFactory({ clock, openLine: openNutLine }).create(parsed, events.emit);
  return driver;
}

const reasonHeard = (reason: string): Promise<void> =>
  events.heard('statusChanged', ({ reasons }) => reasons[0] === reason);
const sourceHeard = (source: string): Promise<void> =>
  events.heard('powerChanged', (power) => power.source === source);

beforeEach(async () => {
  clock = new FakeClock();
  events = new EventLog();
  upsd = new SimulatedUpsd();
  upsd.say({ 'ups.status': 'OL', 'battery.runtime': '900', 'battery.charge': '100' });
  await upsd.listen();
});
afterEach(async () => {
  await driver.stop();
  await upsd.stop();
  expect(upsd.violations).toEqual([]);
  expect(clock.pending).toBe(0);
});

describe('the driver of a UPS', () => {
  it.each<[UpsdFault, string, string]>([
    ['dataStale', 'dataStale', 'maintenance'],
    ['driverNotConnected', 'driverNotConnected', 'maintenance'],
    ['unknownUps', 'unknownUps', 'configuration'],
    ['accessDenied', 'accessDenied', 'configuration'],
    ['garbage', 'notNut', 'maintenance'],
    ['otherUps', 'notNut', 'maintenance'],
    ['endlessLine', 'lineTooLong', 'maintenance'],
    ['endlessList', 'notNut', 'maintenance'],
    ['unaskedLine', 'notNut', 'maintenance'],
    ['closes', 'closed', 'maintenance'],
  ])(
    'knows nothing of the power at %s, says %s, and is back when it is over',
    async (fault, reason, requiredAction) => {
      await make().start();
      await sourceHeard('mains');
      events.forget();
      upsd.setFault(fault);
      clock.advance(POLL_MS);
      await sourceHeard('unknown');
      await reasonHeard(reason);
      expect(await driver.handlers.getStatus({})).toEqual({
        ok: true,
        value: { state: 'powerOff', reasons: [reason], requiredAction, power: UNKNOWN_POWER },
      });
      upsd.setFault(null);
      events.forget();
      clock.advance(FIRST_RETRY_MS);
      await sourceHeard('mains');
    },
  );

  it.each<UpsdFault>(['silent', 'halfLine'])(
    'waits so long for an answer and no longer: %s',
    async (fault) => {
      await make().start();
      upsd.setFault(fault);
      events.forget();
      const asked = driver.handlers.getStatus({});
      clock.advance(ANSWER_MS - 1);
      expect(events.all).toEqual([]);
      clock.advance(1);
      expect(await asked).toMatchObject({
        value: { state: 'powerOff', reasons: ['noAnswer'], power: UNKNOWN_POWER },
      });
    },
  );

  it('starts away where nobody listens, and finds upsd when it comes', async () => {
    await upsd.stop();
    await make().start();
    expect(events.named('statusChanged')).toEqual([
      { state: 'powerOff', reasons: ['refused'], requiredAction: 'maintenance' },
    ]);
    expect(await driver.handlers.getCapabilities({})).toEqual({
      ok: false,
      error: { kind: 'deviceGone' },
    });
    await upsd.listen();
    clock.advance(FIRST_RETRY_MS);
    await sourceHeard('mains');
    expect(await driver.handlers.getCapabilities({})).toEqual({
      ok: true,
      value: { runtime: true, charge: true },
    });
  });

  it('leaves no connection open when it is stopped, and holds one at most', async () => {
    await make().start();
    for (let poll = 0; poll < 5; poll += 1) await driver.handlers.getStatus({});
    expect(upsd.connections).toBe(1);
    await driver.stop();
    await upsd.hungUp();
    expect(upsd.connections).toBe(0);
  });
});

describe('signing in', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'anj-ups-'));
    writeFileSync(join(dir, 'user'), 'anjungan\n');
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const signIn = () => ({ userFile: join(dir, 'user'), passwordFile: join(dir, 'password') });

  it('sends what stands in the files, quoted where it has to be', async () => {
    writeFileSync(join(dir, 'password'), 'a "b" \\c\n');
    await make({ signIn: signIn() }).start();
    expect(upsd.signIns).toEqual(['anjungan', 'a "b" \\c']);
    await sourceHeard('mains');
  });

  it.each<[string, string | null]>([
    ['is not there', null],
    ['is empty', ''],
    ['has a second line', 'secret\nLIST UPS\n'],
  ])('asks for configuration where the password %s, and sends nothing', async (_, text) => {
    if (text !== null) writeFileSync(join(dir, 'password'), text);
    await make({ signIn: signIn() }).start();
    expect(events.named('statusChanged')).toEqual([
      { state: 'powerOff', reasons: ['signInUnreadable'], requiredAction: 'configuration' },
    ]);
    expect(upsd.signIns).toEqual([]);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.1.2.3', true],
    ['::1', true],
    ['localhost', true],
    ['192.0.2.7', false],
    ['127.0.0.1.example', false],
    ['upsd.example', false],
  ])('over the open line to %s is allowed: %s', (host, allowed) => {
    make();
    const parsed = upsOptionsSchema.safeParse({ ups: 'cabinet', host, signIn: signIn() });
    expect(parsed.success).toBe(allowed);
    expect(upsOptionsSchema.safeParse({ ups: 'cabinet', host }).success).toBe(true);
  });
});
