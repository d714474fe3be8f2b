import type { LastSeen } from './availability.ts';
import type { IssuanceDevices } from './ports.ts';

/** The last known state of the printers. It follows what they report and asks again when told to. */
export class DeviceView {
  readonly #devices: IssuanceDevices;
  #seen: Pick<LastSeen, 'cardPrinter' | 'pagePrinter'>;

  constructor(devices: IssuanceDevices) {
    this.#devices = devices;
    this.#seen = {
      cardPrinter: devices.cardPrinter?.health().status ?? null,
      pagePrinter: devices.pagePrinter?.health().status ?? null,
    };
    devices.cardPrinter?.on('statusChanged', () => void this.refresh());
    devices.pagePrinter?.on('statusChanged', () => void this.refresh());
  }

  seen(): Pick<LastSeen, 'cardPrinter' | 'pagePrinter'> {
    return this.#seen;
  }

  async refresh(): Promise<void> {
    const context = { sessionId: null };
    const [card, page] = await Promise.all([
      this.#devices.cardPrinter?.execute('getStatus', {}, context),
      this.#devices.pagePrinter?.execute('getStatus', {}, context),
    ]);
    this.#seen = {
      cardPrinter: card?.ok === true ? card.value : null,
      pagePrinter: page?.ok === true ? page.value : null,
    };
  }
}
