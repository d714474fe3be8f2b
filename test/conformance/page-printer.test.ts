import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ippPagePrinterFactory } from '../../drivers/ipp-page-printer/driver.ts';
import type { CommandFailure } from '../../drivers/contract/command.ts';
import type { Result } from '../../src/base/result.ts';
import { startPagePrinterLab, type PagePrinterLab } from '../../scripts/lab/page-printer-lab.ts';
import { startPageQueueLab } from '../../scripts/lab/page-queue-lab.ts';
import { documentsNamed } from '../drivers/ipp/received.ts';
import { twoSheets } from '../drivers/ipp-page-printer/two-sheets.ts';
import { EventTape } from './event-tape.ts';
import { pagePrinterSuite, type PagePrinterUnderTest } from './page-printer-suite.ts';

type Handler = (params: unknown) => Promise<Result<unknown, CommandFailure>>;

const openOn =
  (start: (options: { dir: string }) => Promise<PagePrinterLab>) =>
  async (): Promise<PagePrinterUnderTest> => {
    const dir = mkdtempSync(join(tmpdir(), 'anj-ipp-'));
    const lab = await start({ dir });
    const events = new EventTape();
    const options = ippPagePrinterFactory.options.parse({ uri: lab.uri });
    const driver = ippPagePrinterFactory.create(options, (event, payload) =>
      events.push(event, payload),
    );
    await driver.start();
    const handlers = driver.handlers as unknown as Readonly<Record<string, Handler | undefined>>;
    return {
      events,
      async call(command, params) {
        const handler = handlers[command];
        if (handler === undefined) throw new Error(`no ${command}`);
        return handler(params);
      },
      setFault: (fault) => lab.setFault(fault),
      setConnected: (connected) => lab.setConnected(connected),
      received: (jobName) => documentsNamed(lab.jobsDir, jobName),
      async close() {
        await driver.stop();
        await lab.stop();
        rmSync(dir, { recursive: true });
      },
    };
  };

pagePrinterSuite(
  'ippeveprinter over IPP',
  {
    completedMeans: 'deviceReported',
    impressionCount: true,
    supplies: true,
    verbatim: true,
    gaveUp: ['aborted'],
  },
  twoSheets,
  openOn(startPagePrinterLab),
);

pagePrinterSuite(
  'a CUPS queue before ippeveprinter',
  {
    completedMeans: 'hostAccepted',
    impressionCount: false,
    supplies: false,
    verbatim: false,
    // Where the printer gave up before CUPS looked again, it calls the job completed.
    gaveUp: ['canceled', 'completed'],
  },
  twoSheets,
  openOn(startPageQueueLab),
);
