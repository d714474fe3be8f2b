import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ippPagePrinterFactory } from '../../drivers/ipp-page-printer/driver.ts';
import type { CommandFailure } from '../../drivers/contract/command.ts';
import type { Result } from '../../src/base/result.ts';
import { startPagePrinterLab } from '../../scripts/lab/page-printer-lab.ts';
import { twoSheets } from '../drivers/ipp-page-printer/two-sheets.ts';
import { EventTape } from './event-tape.ts';
import { pagePrinterSuite, type PagePrinterUnderTest } from './page-printer-suite.ts';

type Handler = (params: unknown) => Promise<Result<unknown, CommandFailure>>;

async function openOnIppeveprinter(): Promise<PagePrinterUnderTest> {
  const dir = mkdtempSync(join(tmpdir(), 'anj-ipp-'));
  const lab = await startPagePrinterLab({ dir });
  const events = new EventTape();
  const driver = ippPagePrinterFactory.create({ uri: lab.uri }, (event, payload) =>
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
    received: (jobName) =>
      readdirSync(lab.jobsDir)
        .filter((file) => file.endsWith(`-${jobName.toLowerCase()}.pdf`))
        .map((file) => readFileSync(join(lab.jobsDir, file))),
    async close() {
      await driver.stop();
      await lab.stop();
      rmSync(dir, { recursive: true });
    },
  };
}

pagePrinterSuite(
  'ippeveprinter over IPP',
  { completedMeans: 'deviceReported' },
  twoSheets,
  openOnIppeveprinter,
);
