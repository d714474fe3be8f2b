import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { ippCardPrinterFactory } from '../../drivers/ipp-card-printer/driver.ts';
import { startCardPrinterLab, type CardPrinterLab } from '../../scripts/lab/card-printer-lab.ts';
import { EventLog } from '../drivers/cabinet/event-log.ts';
import { cardPrinterConformance, type CardOut } from './card-printer-suite.ts';

/** Each document is a card, and its front printed where the page has a picture. */
const newCards = (jobsDir: string, before: readonly string[]): CardOut[] =>
  readdirSync(jobsDir)
    .filter((file) => !before.includes(file))
    .map((file) => readFileSync(join(jobsDir, file)).includes('/Subtype /Image'))
    .map((isPrinted) => ({ sides: isPrinted ? ['front'] : [] }));

const printers = [
  { name: 'ippeveprinter with cards', through: 'nothing', completedMeans: 'deviceReported' },
  { name: 'a CUPS queue before it', through: 'cups', completedMeans: 'hostAccepted' },
] as const;

describe.each(printers)('the IPP driver on $name', ({ name, through, completedMeans }) => {
  let dir: string;
  let lab: CardPrinterLab;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'anj-card-'));
    lab = await startCardPrinterLab({ dir, through });
  }, 60_000);
  afterAll(async () => {
    await lab.stop();
    rmSync(dir, { recursive: true });
  }, 60_000);

  const capabilities = {
    completedMeans,
    exitSensor: false,
    retract: false,
    rejectBin: false,
    rejectCount: false,
    cardPosition: false,
    counters: false,
    flip: false,
    contactless: false,
    serialReader: false,
    feeders: [{ name: 'kia', blankKind: 'kia' }],
  };
  cardPrinterConformance(
    name,
    capabilities,
    async () => {
      await lab.setBlanks(100);
      const before = readdirSync(lab.jobsDir);
      const { uri, socketPath } = lab;
      const events = new EventLog<'cardPrinter'>();
      const options = ippCardPrinterFactory.options.parse({
        uri,
        socketPath,
        feeders: capabilities.feeders,
      });
      const driver = ippCardPrinterFactory.create(options, events.emit);
      await driver.start();
      return {
        driver,
        events,
        // What lies in its hopper and its tray no IPP printer can tell apart.
        takeCardAtExit: () => Promise.resolve(),
        emptyFeeder: () => lab.setBlanks(0),
        cameOut: through === 'nothing' ? () => newCards(lab.jobsDir, before) : null,
        layStrayIn: () => Promise.resolve({ serial: 'SP901', blankKind: 'ktpEl' }),
        stop: () => driver.stop(),
      };
    },
    { seesEmptyFeeder: through === 'nothing', oneJob: true, refusesBy: 'notReady' },
  );
});
