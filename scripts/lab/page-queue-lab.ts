import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openCable } from './cable.ts';
import { startCupsQueue, type CupsQueue } from './cups-queue.ts';
import { setPageFault, startA4Printer, type PagePrinterLab } from './page-printer-lab.ts';

export interface PageQueueLab extends PagePrinterLab {
  readonly queue: CupsQueue;
  /** Completes when the printer itself has received so many documents. */
  printerHas(documents: number): Promise<void>;
}

/** A real CUPS queue before a real ippeveprinter; `uri` is the queue's, and the cable leads to the spooler. */
export async function startPageQueueLab(options: { readonly dir: string }): Promise<PageQueueLab> {
  const printer = await startA4Printer(join(options.dir, 'page-queue'));
  try {
    const queue = await startCupsQueue(printer, null);
    const cable = await openCable(queue.wayIn);
    return {
      queue,
      printerHas: (documents) =>
        queue.untilHere(
          'a document at the printer',
          () => readdirSync(printer.jobsDir).length >= documents,
        ),
      uri: `ipp://127.0.0.1:${cable.port}${queue.path}`,
      controlUrl: `http://127.0.0.1:${cable.port}/`,
      jobsDir: printer.jobsDir,
      setFault: (fault) => setPageFault(printer, fault),
      setConnected: (connected) => cable.setConnected(connected),
      async stop() {
        await cable.close();
        await printer.stop();
      },
    };
  } catch (error) {
    await printer.stop();
    throw error;
  }
}
