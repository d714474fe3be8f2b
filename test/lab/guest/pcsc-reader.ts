import { deepEqual, equal } from 'node:assert/strict';
import { pcscEKtpReaderFactory } from '../../../drivers/host/pcsc-ektp-reader.ts';
import { EventLog } from '../../drivers/cabinet/event-log.ts';
import { labCitizen } from '../citizen.ts';
import { lab } from './cases.ts';
import { startPcscd, stopPcscd } from './pcscd.ts';
import { cardIn, readerSuite, type ReaderOrders } from './reader-suite.ts';

const DEVICE = 'USB CCID reader, by pcscd and libccid';

export async function pcscReader(orders: ReaderOrders): Promise<void> {
  const daemon = startPcscd();
  const events = new EventLog<'cardReader'>();
  const options = pcscEKtpReaderFactory.options.parse({
    readerPattern: ' 00 00$',
    samPattern: ' 01 00$',
  });
  const driver = pcscEKtpReaderFactory.create(options, events.emit);
  const { handlers } = driver;
  const stateIs = (state: string) => events.heard('statusChanged', (told) => told.state === state);

  await lab(DEVICE, 'is found beside the reader that holds the SAM', async () => {
    await driver.start();
    await stateIs('online');
  });
  await lab(DEVICE, 'reads a whole e-KTP through the SAM', async () => {
    await cardIn(orders);
    await events.heard('cardInserted');
    const read = await handlers.readIdentity({});
    const { uidHex, biodata } = labCitizen;
    deepEqual(read, {
      ok: true,
      value: { assurance: 'authenticated', uidHex, biodata },
    });
  });
  await lab(DEVICE, 'tells that the card is taken away', async () => {
    await orders.give({ do: 'cardOut' });
    await events.heard('cardRemoved');
  });
  await lab(DEVICE, 'is missed when it is pulled out in the middle of a read', async () => {
    events.forget();
    await cardIn(orders);
    await events.heard('cardInserted');
    const reading = handlers.readIdentity({});
    await orders.give({ do: 'readerOut' });
    equal((await reading).ok, false);
    await events.heard('statusChanged', ({ state }) => state !== 'online');
  });
  await lab(DEVICE, 'reads again once it is plugged in again', async () => {
    events.forget();
    await orders.give({ do: 'readerIn' });
    await stateIs('online');
    await cardIn(orders);
    await events.heard('cardInserted');
    equal((await handlers.readIdentity({})).ok, true);
  });
  events.forget();
  await orders.give({ do: 'cardOut' });
  await events.heard('cardRemoved');
  await driver.stop();
  await readerSuite(
    DEVICE,
    orders,
    (emit) => pcscEKtpReaderFactory.create(options, emit),
    'noDevice',
    { endsHungCommands: false },
  );
  await stopPcscd(daemon);
}
