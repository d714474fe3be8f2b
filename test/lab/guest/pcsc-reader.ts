import { deepEqual, equal } from 'node:assert/strict';
import { pcscEKtpReaderFactory } from '../../../drivers/host/pcsc-ektp-reader.ts';
import type { Orders } from '../../../scripts/lab/usb/orders.ts';
import { EventLog } from '../../drivers/cabinet/event-log.ts';
import { labCitizen } from '../citizen.ts';
import { lab } from './cases.ts';
import { startPcscd, stopPcscd } from './pcscd.ts';

const DEVICE = 'USB CCID reader, by pcscd and libccid';

export async function pcscReader(orders: Orders): Promise<void> {
  const daemon = startPcscd();
  const events = new EventLog<'cardReader'>();
  const driver = pcscEKtpReaderFactory.create(
    pcscEKtpReaderFactory.options.parse({ readerPattern: ' 00 00$', samPattern: ' 01 00$' }),
    events.emit,
  );
  const { handlers } = driver;
  const stateIs = (state: string) => events.heard('statusChanged', (told) => told.state === state);

  await lab(DEVICE, 'is found beside the reader that holds the SAM', async () => {
    await driver.start();
    await stateIs('online');
  });
  await lab(DEVICE, 'reads a whole e-KTP through the SAM', async () => {
    await orders.give('cardIn');
    await events.heard('cardInserted');
    const read = await handlers.readIdentity({});
    const { uidHex, biodata } = labCitizen;
    deepEqual(read, {
      ok: true,
      value: { assurance: 'authenticated', uidHex, biodata },
    });
  });
  await lab(DEVICE, 'tells that the card is taken away', async () => {
    await orders.give('cardOut');
    await events.heard('cardRemoved');
  });
  await lab(DEVICE, 'is missed when it is pulled out in the middle of a read', async () => {
    events.forget();
    await orders.give('cardIn');
    await events.heard('cardInserted');
    const reading = handlers.readIdentity({});
    await orders.give('readerOut');
    equal((await reading).ok, false);
    await events.heard('statusChanged', ({ state }) => state !== 'online');
  });
  await lab(DEVICE, 'reads again once it is plugged in again', async () => {
    events.forget();
    await orders.give('readerIn');
    await stateIs('online');
    await orders.give('cardIn');
    await events.heard('cardInserted');
    equal((await handlers.readIdentity({})).ok, true);
  });
  await driver.stop();
  await orders.give('cardOut');
  await stopPcscd(daemon);
}
