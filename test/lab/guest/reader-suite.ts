import type { EmitEvent, Driver } from '../../../drivers/contract/driver.ts';
import type { SimulatedCardOptions } from '../../../drivers/ektp/simulator.ts';
import type { Orders } from '../../../scripts/lab/usb/orders.ts';
import type { ReaderOrder } from '../../../scripts/lab/usb/readers.ts';
import {
  cardReaderSuite,
  type CardReaderTraits,
  type CardReaderUnderTest,
} from '../../conformance/card-reader-suite.ts';
import { checked } from '../../conformance/checked-driver.ts';
import { EventTape } from '../../conformance/event-tape.ts';
import { labCitizen } from '../citizen.ts';
import { proveSuite } from './suite-globals.ts';

export type ReaderOrders = Orders<ReaderOrder>;

/** The citizen's card is put in. */
export const cardIn = (orders: ReaderOrders, more: Partial<SimulatedCardOptions> = {}) =>
  orders.give({ do: 'cardIn', card: { ...labCitizen, ...more } });

/** The suite of the class, on a reader that is plugged in and whose other socket holds the SAM. */
export const readerSuite = (
  device: string,
  orders: ReaderOrders,
  create: (emit: EmitEvent<'cardReader'>) => Driver<'cardReader'>,
  brokenState: CardReaderUnderTest['brokenState'],
  traits?: CardReaderTraits,
): Promise<void> =>
  proveSuite(device, () =>
    cardReaderSuite(
      device,
      { motorised: false, captureBin: false, sam: true },
      () => opened(orders, create, brokenState),
      traits,
    ),
  );

async function opened(
  orders: ReaderOrders,
  create: (emit: EmitEvent<'cardReader'>) => Driver<'cardReader'>,
  brokenState: CardReaderUnderTest['brokenState'],
): Promise<CardReaderUnderTest> {
  const events = new EventTape();
  const driver = create((event, payload) => events.push(event, payload));
  const handlers = checked(driver) as unknown as Readonly<
    Record<string, ((params: unknown) => ReturnType<CardReaderUnderTest['call']>) | undefined>
  >;
  await driver.start();
  await events.until('statusChanged', isOnline);
  let onReader: ReaderOrder | null = null;
  return {
    events,
    brokenState,
    call: (command, params) => {
      const handler = handlers[command];
      if (handler === undefined) throw new Error(`there is no ${command}`);
      return handler(params);
    },
    tap: (card, fault) => {
      onReader = { do: 'cardIn', card: { ...card, fault } };
      return orders.give(onReader);
    },
    untap: () => {
      onReader = null;
      return orders.give({ do: 'cardOut' });
    },
    breakDown: () => orders.give({ do: 'readerOut' }),
    mend: async () => {
      await orders.give({ do: 'readerIn' });
      if (onReader !== null) await orders.give(onReader);
    },
    close: () => driver.stop(),
  };
}

const isOnline = (payload: unknown): boolean =>
  (payload as { readonly state: string }).state === 'online';
