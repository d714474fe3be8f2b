/** A card printer by hand: `node drivers/ipp-card-printer/cli.ts URI status | test-card`. */
import { parseArgs } from 'node:util';
import { ippCardPrinterFactory } from './driver.ts';
import { PICTURE } from './card-document.ts';

const USAGE = `usage: cli.ts [--socket PATH] ipp://HOST/printers/NAME COMMAND
  status      state, hoppers and ribbon, and whose word its "completed" is
  test-card   prints one grey card on a blank of the only hopper: not on a state blank`;

const { values, positionals } = parseArgs({
  options: { socket: { type: 'string' } },
  allowPositionals: true,
});
const [uri, command] = positionals;
const feeder = { name: 'hopper', blankKind: 'test' };
const options = ippCardPrinterFactory.options.safeParse({
  uri,
  socketPath: values.socket ?? null,
  feeders: [feeder],
});
if (!options.success || (command !== 'status' && command !== 'test-card')) {
  console.error(USAGE);
  process.exit(64);
}
const show = (value: unknown): void => console.log(JSON.stringify(value));
const printer = ippCardPrinterFactory.create(options.data, (event, payload) =>
  show({ event, ...payload }),
);
const { handlers } = printer;

async function testCard(): Promise<{ readonly ok: boolean }> {
  const fed = await handlers.feedBlank({ feeder: feeder.name, blankKind: feeder.blankKind });
  if (!fed.ok) return fed;
  const printed = await handlers.printSide({
    side: 'front',
    widthDots: PICTURE.widthDots,
    heightDots: PICTURE.heightDots,
    rgbBase64: Buffer.alloc(PICTURE.bytes, 128).toString('base64'),
  });
  return printed.ok ? handlers.presentCard({}) : printed;
}

show(await handlers.getCapabilities({}));
const outcome = command === 'status' ? await handlers.getStatus({}) : await testCard();
await printer.stop();
show(outcome);
process.exitCode = outcome.ok ? 0 : 1;
