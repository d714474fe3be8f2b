import { join } from 'node:path';
import { openCable } from './cable.ts';
import { startIppPrinter, type IppPrinter } from './ipp-printer.ts';

/**
 * What goes wrong with the next jobs, until `none`: `jam` and `coverOpen` stop a job until then, `hold`
 * keeps it printing until then, `abort` ends it as failed; `mediaEmpty`, `mediaLow` and `tonerLow` are supplies.
 */
export const PAGE_PRINTER_FAULTS = [
  'none',
  'jam',
  'coverOpen',
  'hold',
  'abort',
  'mediaEmpty',
  'mediaLow',
  'tonerLow',
] as const;
export type PagePrinterFault = (typeof PAGE_PRINTER_FAULTS)[number];

export interface PagePrinterLab {
  readonly uri: string;
  /** The printer's own web pages, for people. */
  readonly controlUrl: string;
  /** Every document received, as received. */
  readonly jobsDir: string;
  setFault(fault: PagePrinterFault): Promise<void>;
  /** Cuts the printer off, as a pulled cable does, and plugs it in again. */
  setConnected(connected: boolean): void;
  stop(): Promise<void>;
}

/**
 * Starts a real ippeveprinter with the service discovery that it insists on, out of the way of any
 * other, and a way in on a loopback port. `dir` is made if absent.
 */
export async function startPagePrinterLab(options: {
  readonly dir: string;
}): Promise<PagePrinterLab> {
  const printer = await startA4Printer(join(options.dir, 'page-printer'));
  const cable = await openCable(printer.wayIn);
  return {
    uri: `ipp://127.0.0.1:${cable.port}/ipp/print`,
    controlUrl: `http://127.0.0.1:${cable.port}/`,
    jobsDir: printer.jobsDir,
    setFault: (fault) => setPageFault(printer, fault),
    setConnected: (connected) => cable.setConnected(connected),
    async stop() {
      await cable.close();
      await printer.stop();
    },
  };
}

/** An A4 printer that takes PDF, with full trays. */
export async function startA4Printer(folder: string): Promise<IppPrinter> {
  const printer = await startIppPrinter(folder, [
    ...['-f', 'application/pdf'],
    'Anjungan page printer lab',
  ]);
  // It starts with letter paper.
  await setPageFault(printer, 'none');
  return printer;
}

export async function setPageFault(printer: IppPrinter, fault: PagePrinterFault): Promise<void> {
  const isOfJob = ['jam', 'coverOpen', 'hold', 'abort'].includes(fault);
  printer.setJobFault(isOfJob ? fault : 'none');
  const sheets = fault === 'mediaEmpty' ? 0 : fault === 'mediaLow' ? 2 : 250;
  const envelopes = fault === 'mediaEmpty' ? 0 : 25;
  await printer.visit(
    `/media?size1=iso_a4_210x297mm&type1=stationery&level1=${sheets}` +
      `&size3=iso_dl_110x220mm&type3=envelope&level3=${envelopes}`,
  );
  const toner = fault === 'tonerLow' ? 3 : 80;
  await printer.visit(`/supplies?supply0=10&supply1=${toner}`);
}
