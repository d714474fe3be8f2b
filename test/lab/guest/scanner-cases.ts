import { deepEqual } from 'node:assert/strict';
import type { CodeScannerCapabilities } from '../../../drivers/contract/code-scanner.ts';
import type { Driver } from '../../../drivers/contract/driver.ts';
import type { EventLog } from '../../drivers/cabinet/event-log.ts';
import { codeScannerConformance } from '../../conformance/code-scanner-suite.ts';
import { lab } from './cases.ts';
import type { Gadget } from './gadget.ts';
import { proveSuite } from './suite-globals.ts';

export interface ScannerOnABus {
  readonly device: string;
  readonly gadget: Gadget;
  readonly driver: Driver<'codeScanner'>;
  readonly events: EventLog<'codeScanner'>;
  /** By what it is known once it is plugged in. */
  readonly found: string;
  /** Sends one whole code, as the scanner would. */
  readonly scan: (code: string) => Promise<void> | void;
  /** Sends the beginning of one. */
  readonly scanHalf: () => Promise<void> | void;
  /** Codes that differ in what carries them. */
  readonly codes: Readonly<Record<string, string>>;
}

/** The suite of the class, each case with a driver of its own. */
export const scannerSuite = async (
  device: string,
  capabilities: CodeScannerCapabilities,
  scanner: {
    readonly gadget: Gadget;
    readonly make: () => Pick<ScannerOnABus, 'driver' | 'events'>;
    readonly scan: (code: string) => void;
  },
): Promise<void> => {
  const { gadget, make, scan } = scanner;
  await proveSuite(device, () =>
    codeScannerConformance(device, capabilities, async () => {
      if (!gadget.isPlugged) gadget.plug();
      const { driver, events } = make();
      await driver.start();
      await events.heard('statusChanged', ({ state }) => state === 'online');
      events.forget();
      return {
        driver,
        events,
        scan: settled(scan),
        unplug: settled(() => gadget.unplug()),
        plug: settled(() => gadget.plug()),
        lineEnded: () => gadget.whenGone(),
        stop: () => driver.stop(),
      };
    }),
  );
  gadget.unplug();
};

const settled =
  <A extends readonly unknown[]>(act: (...args: A) => void) =>
  (...args: A): Promise<void> => {
    act(...args);
    return Promise.resolve();
  };

/** What every scanner does on a real bus: found, read from, pulled out in the middle of a code, put back. */
export async function scannerCases(scanner: ScannerOnABus): Promise<void> {
  const { device, gadget, driver, events, found, scan, scanHalf, codes } = scanner;
  const online = () => events.heard('statusChanged', ({ state }) => state === 'online');
  const readCode = async (code: string): Promise<void> => {
    events.forget();
    await scan(code);
    await events.heard('codeRead', ({ payload }) => payload === code);
  };

  await lab(device, 'is away while it is not plugged in', async () => {
    await driver.start();
    deepEqual(events.named('statusChanged'), [
      { state: 'powerOff', reasons: ['absent'], requiredAction: 'maintenance' },
    ]);
  });
  await lab(device, `is found ${found}`, async () => {
    gadget.plug();
    await online();
  });
  for (const [name, code] of Object.entries(codes)) {
    await lab(device, `reads ${name}`, () => readCode(code));
  }
  await lab(device, 'is missed at once when it is pulled out in the middle of a code', async () => {
    events.forget();
    await scanHalf();
    gadget.unplug();
    await events.heard('statusChanged', ({ reasons }) => reasons.includes('unplugged'));
  });
  await lab(device, 'reads again once it is put back, and nothing of the half code', async () => {
    gadget.plug();
    await online();
    await readCode('990102-GHIJKL');
    deepEqual(events.named('codeRead'), [{ payload: '990102-GHIJKL' }]);
  });
  await driver.stop();
  gadget.unplug();
}
