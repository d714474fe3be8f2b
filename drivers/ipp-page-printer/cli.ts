/** A printer by hand: `node drivers/ipp-page-printer/cli.ts URI status | print FILE PAGES | find NAME | cancel ID`. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { newId } from '../../src/base/ids.ts';
import { ippPagePrinterFactory } from './driver.ts';

const USAGE = `usage: cli.ts [--socket PATH] ipp://HOST/ipp/print COMMAND
  status             state, trays and toner, and whose word its "completed" is
  print FILE PAGES   prints a PDF on A4 and follows the job to its end
  find NAME          what became of the last job of that name
  cancel ID          cancels a job`;

const { values, positionals } = parseArgs({
  options: { socket: { type: 'string' } },
  allowPositionals: true,
});
const [uri, command, first = '', second = ''] = positionals;
const options = ippPagePrinterFactory.options.safeParse({
  uri,
  socketPath: values.socket ?? null,
});
if (!options.success || command === undefined) {
  console.error(USAGE);
  process.exit(64);
}
const show = (value: unknown): void => console.log(JSON.stringify(value));
const printer = ippPagePrinterFactory.create(options.data, (event, payload) =>
  show({ event, ...payload }),
);

async function run(name: string): Promise<{ readonly ok: boolean } | null> {
  switch (name) {
    case 'status':
      show(await printer.handlers.getCapabilities({}));
      return printer.handlers.getStatus({});
    case 'print':
      return printer.handlers.printPdf({
        pdfBase64: readFileSync(first).toString('base64'),
        jobName: newId('byHand'),
        pages: Number(second),
      });
    case 'find':
      return printer.handlers.findJob({ jobName: first });
    case 'cancel':
      return printer.handlers.cancelJob({ jobId: Number(first) });
    default:
      return null;
  }
}

const outcome = await run(command);
await printer.stop();
if (outcome === null) console.error(USAGE);
else show(outcome);
process.exitCode = outcome === null ? 64 : outcome.ok ? 0 : 1;
