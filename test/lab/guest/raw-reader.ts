import { deepEqual, equal, ok } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { systemCcidBus } from '../../../drivers/ccid-card-reader/usb-bus.ts';
import { ccidEKtpReaderFactory } from '../../../drivers/host/ccid-ektp-reader.ts';
import { EventLog } from '../../drivers/cabinet/event-log.ts';
import { labCitizen } from '../citizen.ts';
import { lab } from './cases.ts';
import { startPcscd, stopPcscd } from './pcscd.ts';
import { cardIn, readerSuite, type ReaderOrders } from './reader-suite.ts';

const DEVICE = 'USB CCID reader, raw';
const LOOK_MS = 50;

/** The two readers say the same of themselves, so each is named by its socket: the card's comes first. */
async function socketsOfReaders(): Promise<readonly [card: string, sam: string]> {
  const listed = await systemCcidBus.list();
  const ports = listed.ok ? listed.value.map(({ port }) => port).sort() : [];
  const [card = '', sam = ''] = ports;
  equal(ports.length, 2);
  return [card, sam];
}

async function untilClaimed(port: string): Promise<void> {
  while (!existsSync(`/sys/bus/usb/devices/${port}:1.0/driver`)) await delay(LOOK_MS);
}

export async function rawReader(orders: ReaderOrders): Promise<void> {
  const [card, sam] = await socketsOfReaders();
  const events = new EventLog<'cardReader'>();
  const options = (reader: object, other: object) =>
    ccidEKtpReaderFactory.options.parse({ reader, sam: { reader: other, slot: 0 } });
  const own = options({ port: card }, { port: sam });
  const driver = ccidEKtpReaderFactory.create(own, events.emit);
  const { handlers } = driver;
  const stateIs = (state: string) => events.heard('statusChanged', (told) => told.state === state);
  const whole = {
    ok: true,
    value: {
      assurance: 'authenticated',
      uidHex: labCitizen.uidHex,
      biodata: labCitizen.biodata,
    },
  };

  await lab(DEVICE, 'is not taken from pcscd, which is named as its holder', async () => {
    const daemon = startPcscd();
    await untilClaimed(card);
    await untilClaimed(sam);
    await driver.start();
    deepEqual(events.named('statusChanged'), [
      { state: 'userError', reasons: ['heldBy.pcscd'], requiredAction: 'configuration' },
    ]);
    await stopPcscd(daemon);
  });
  await lab(DEVICE, 'is found once pcscd has let go of it', () => stateIs('online'));
  await lab(DEVICE, 'is one of two alike where no socket is named', async () => {
    const heard = new EventLog<'cardReader'>();
    const either = ccidEKtpReaderFactory.create(options({ vendorId: 0x08e6 }, {}), heard.emit);
    await either.start();
    deepEqual(heard.named('statusChanged'), [
      { state: 'userError', reasons: ['twoAlike'], requiredAction: 'configuration' },
    ]);
    await either.stop();
  });
  await lab(DEVICE, 'reads a whole e-KTP through the SAM', async () => {
    await cardIn(orders);
    await events.heard('cardInserted');
    deepEqual(await handlers.readIdentity({}), whole);
  });
  await lab(DEVICE, 'tells that the card is taken away', async () => {
    await orders.give({ do: 'cardOut' });
    await events.heard('cardRemoved');
  });
  await lab(DEVICE, 'gives a card up that does not answer, and reads the next', async () => {
    events.forget();
    await cardIn(orders, { fault: 'silent' });
    await events.heard('cardInserted');
    deepEqual(await handlers.readIdentity({}), {
      ok: false,
      error: { kind: 'commandError', errorCode: 'cardSilent' },
    });
    await orders.give({ do: 'cardOut' });
    await events.heard('cardRemoved');
    events.forget();
    await cardIn(orders);
    await events.heard('cardInserted');
    deepEqual(await handlers.readIdentity({}), whole);
    await orders.give({ do: 'cardOut' });
    await events.heard('cardRemoved');
  });
  await lab(DEVICE, 'is missed when it is pulled out in mid-command', async () => {
    events.forget();
    await cardIn(orders, { fault: 'silent' });
    await events.heard('cardInserted');
    const reading = handlers.readIdentity({});
    await orders.give({ do: 'readerOut' });
    // QEMU takes the card out of a reader before the reader itself, which may still find time to say so.
    const ends = [
      { ok: false, error: { kind: 'deviceGone' } },
      { ok: false, error: { kind: 'commandError', errorCode: 'cardRemoved' } },
    ];
    const end = await reading;
    ok(
      ends.some((one) => isDeepStrictEqual(one, end)),
      JSON.stringify(end),
    );
    await events.heard('statusChanged', ({ reasons }) => reasons.includes('unplugged'));
  });
  await lab(DEVICE, 'reads again once it is plugged in again', async () => {
    events.forget();
    await orders.give({ do: 'readerIn' });
    await stateIs('online');
    await cardIn(orders);
    await events.heard('cardInserted');
    deepEqual(await handlers.readIdentity({}), whole);
  });
  events.forget();
  await orders.give({ do: 'cardOut' });
  await events.heard('cardRemoved');
  await driver.stop();
  await readerSuite(DEVICE, orders, (emit) => ccidEKtpReaderFactory.create(own, emit), 'powerOff');
}
