import { parseArgs } from 'node:util';
import { systemClock } from '../../src/base/clock.ts';
import { powerOn } from './exchange.ts';
import { CcidLink } from './link.ts';
import type { ListedCcid } from './transport.ts';
import { systemCcidBus } from './usb-bus.ts';

const USAGE = `Usage: node drivers/ccid-card-reader/cli.ts [--ask PORT]
Lists the smart card readers on the USB, each with its port and what it can do. With --ask, opens the one at that
port and shows, slot by slot, whether a card is in it and its answer to reset; nothing is read of a card. Ends with
1 when it is absent, held by another program such as pcscd, or does not answer.`;

const { values } = parseArgs({
  options: { ask: { type: 'string' }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

const hex = (value: number): string => value.toString(16).padStart(4, '0');
const listed = await systemCcidBus.list();
if (!listed.ok) giveUp(listed.error);
const readers = listed.value;
for (const { port, vendorId, productId, serialNumber, shape } of readers) {
  const { interfaceNumber, slots, level, interruptIn } = shape;
  const tells = interruptIn === null ? 'has to be asked for cards' : 'tells of cards';
  console.log(
    `${port} ${hex(vendorId)}:${hex(productId)} serial ${serialNumber ?? '-'} interface ${interfaceNumber}: ` +
      `${slots} slots, ${level}, ${tells}`,
  );
}
if (values.ask !== undefined) {
  const found = readers.filter(({ port }) => port === values.ask);
  if (found.length === 0) giveUp(`no reader at port ${values.ask}`);
  for (const one of found) await ask(one);
}

async function ask({ id, shape }: ListedCcid): Promise<void> {
  const opened = await systemCcidBus.open(id);
  if (!opened.ok) {
    const { error } = opened;
    giveUp(error.kind === 'heldBy' ? `held by ${error.holder ?? 'another program'}` : error.kind);
  }
  const link = new CcidLink(opened.value, shape, systemClock);
  const drained = await link.drain();
  if (!drained.ok) giveUp(drained.error);
  for (let slot = 0; slot < shape.slots; slot++) {
    const status = await link.command('getSlotStatus', slot);
    if (!status.ok) giveUp(status.error);
    if (status.value.card === 'absent') {
      console.log(`slot ${slot}: empty`);
      continue;
    }
    const powered = await powerOn(link, shape, slot);
    const atr = powered.ok ? Buffer.from(powered.value).toString('hex') : powered.error.kind;
    console.log(`slot ${slot}: ${atr}`);
    await link.command('iccPowerOff', slot);
  }
  await opened.value.close();
}

function giveUp(reason: string): never {
  console.error(reason);
  process.exit(1);
}
