import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createIppPagePrinter,
  ippPagePrinterFactory,
} from '../../drivers/ipp-page-printer/driver.ts';
import type { CommandFailure } from '../../drivers/contract/command.ts';
import type { EmitEvent } from '../../drivers/contract/driver.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { Result } from '../../src/base/result.ts';
import type { PagePrinterLab } from '../../scripts/lab/page-printer-lab.ts';
import { documentsNamed } from '../drivers/ipp/received.ts';
import { EventTape } from './event-tape.ts';
import type { PagePrinterTraits, PagePrinterUnderTest } from './page-printer-suite.ts';

/** What ippeveprinter claims. */
export const EVEPRINTER: PagePrinterTraits = {
  completedMeans: 'deviceReported',
  impressionCount: true,
  supplies: true,
  verbatim: true,
  gaveUp: ['aborted'],
};

type Emit = EmitEvent<'pagePrinter'>;
type Handler = (params: unknown) => Promise<Result<unknown, CommandFailure>>;

/** The driver on a printer that is started for it. */
export const openOn =
  (
    start: (options: { dir: string }) => Promise<PagePrinterLab>,
    /** By which the driver waits. */
    clock = systemClock,
    /** What becomes of an event on its way out. */
    emitting = (emit: Emit): Emit => emit,
  ) =>
  async (): Promise<PagePrinterUnderTest> => {
    const dir = mkdtempSync(join(tmpdir(), 'anj-ipp-'));
    const lab = await start({ dir });
    const events = new EventTape();
    const options = ippPagePrinterFactory.options.parse({ uri: lab.uri });
    const emit = emitting((event, payload) => events.push(event, payload));
    const run = () => createIppPagePrinter(options, emit, clock);
    let driver = run();
    await driver.start();
    return {
      events,
      async call(command, params) {
        const handlers = driver.handlers as unknown as Readonly<
          Record<string, Handler | undefined>
        >;
        const handler = handlers[command];
        if (handler === undefined) throw new Error(`no ${command}`);
        return handler(params);
      },
      setFault: (fault) => lab.setFault(fault),
      setConnected: (connected) => lab.setConnected(connected),
      async restart() {
        await driver.stop();
        driver = run();
        await driver.start();
      },
      received: (jobName) => documentsNamed(lab.jobsDir, jobName),
      async close() {
        await driver.stop();
        await lab.stop();
        rmSync(dir, { recursive: true });
      },
    };
  };
