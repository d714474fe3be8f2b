/**
 * The lab as a program: `node scripts/lab/main.ts FOLDER` starts pcscd with virtual slots and a page
 * printer, and says in one JSON line how to reach them. Takes JSON lines on standard input, such as
 * {"type":"pagePrinterFault","fault":"jam"}, each answered with {"type":"done"}. Ends with its input or by a signal.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { LabError } from './lab-error.ts';
import { PAGE_PRINTER_FAULTS, startPagePrinterLab } from './page-printer-lab.ts';
import { startPcscLab } from './pcsc-lab.ts';

const requestSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('pagePrinterFault'), fault: z.enum(PAGE_PRINTER_FAULTS) }),
  z.strictObject({ type: z.literal('pagePrinterConnected'), connected: z.boolean() }),
]);

async function main(dir: string): Promise<void> {
  const pcsc = await startPcscLab({ dir });
  const pagePrinter = await startPagePrinterLab({ dir }).catch(async (error: unknown) => {
    await pcsc.stop();
    throw error;
  });
  const input = createInterface({ input: process.stdin });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => input.close());
  input.on('line', (line) => {
    const request = requestSchema.parse(JSON.parse(line));
    const done = (): void => console.log('{"type":"done"}');
    if (request.type === 'pagePrinterFault') void pagePrinter.setFault(request.fault).then(done);
    else {
      pagePrinter.setConnected(request.connected);
      done();
    }
  });
  console.log(
    JSON.stringify({
      pcsc: {
        csockName: pcsc.csockName,
        cardReaderName: pcsc.cardReaderName,
        samReaderName: pcsc.samReaderName,
        virtualCardCommand: pcsc.virtualCardCommand,
      },
      pagePrinter: {
        uri: pagePrinter.uri,
        controlUrl: pagePrinter.controlUrl,
        jobsDir: pagePrinter.jobsDir,
      },
    }),
  );
  await once(input, 'close');
  await pagePrinter.stop();
  await pcsc.stop();
}

const dir = process.argv[2];
if (dir === undefined) {
  console.error('usage: main.ts FOLDER');
  process.exit(64);
}
try {
  await main(dir);
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  console.error(error.message);
  process.exitCode = 69;
}
