import { join } from 'node:path';
import { startCupsQueue, type CupsQueue } from './cups-queue.ts';
import { startIppPrinter, type IppPrinter } from './ipp-printer.ts';

/** What the printer is told of itself, and what the queue has for a vendor's driver. */
const PPD = join(import.meta.dirname, 'card-printer.ppd');

export interface CardPrinterLab {
  readonly uri: string;
  /** Where the printer listens, or the spooler before it. */
  readonly socketPath: string;
  readonly jobsDir: string;
  readonly printer: IppPrinter;
  readonly queue: CupsQueue | null;
  setBlanks(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** A real ippeveprinter that prints on CR80 cards, reached by itself or through a real queue of CUPS. */
export async function startCardPrinterLab(options: {
  readonly dir: string;
  readonly through: 'nothing' | 'cups';
}): Promise<CardPrinterLab> {
  const printer = await startIppPrinter(join(options.dir, 'card-printer'), [
    ...['-P', PPD],
    'Anjungan card printer lab',
  ]);
  const setBlanks = (count: number): Promise<void> =>
    printer.visit(`/media?size0=custom_cr80_85.6x53.98mm&type0=stationery&level0=${count}`);
  try {
    await setBlanks(100);
    const queue = options.through === 'cups' ? await startCupsQueue(printer, PPD) : null;
    return {
      uri: `ipp://localhost${queue?.path ?? '/ipp/print'}`,
      socketPath: queue?.wayIn ?? printer.wayIn,
      jobsDir: printer.jobsDir,
      printer,
      queue,
      setBlanks,
      stop: () => printer.stop(),
    };
  } catch (error) {
    await printer.stop();
    throw error;
  }
}
