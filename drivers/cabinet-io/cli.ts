import { parseArgs } from 'node:util';
import { systemClock } from '../../src/base/clock.ts';
import { flashRateSchema, lightSchema } from '../contract/cabinet-io.ts';
import { openSerialLine } from '../serial-line/serial-line.ts';
import { ControllerLink } from './link.ts';
import {
  LIGHT_LETTERS,
  ping,
  SENSOR_LETTERS,
  showLight,
  type Contact,
  type ControllerState,
} from './protocol.ts';

const USAGE = `Usage: node drivers/cabinet-io/cli.ts --path DEVICE [--baud N] [--light NAME=RATE]
Shows that a cabinet controller works: who it is, what is fitted, and each contact as it changes. It acknowledges
nothing that was counted.
  --path DEVICE      such as /dev/serial/by-id/usb-...
  --baud N           default 115200; a USB controller ignores it
  --light NAME=RATE  sets a light first; names ${lightSchema.options.join(', ')};
                     rates ${flashRateSchema.options.join(', ')}
Ends with Ctrl+C, or with 1 when the controller is absent, silent or goes away.`;

const { values } = parseArgs({
  options: {
    path: { type: 'string' },
    baud: { type: 'string', default: '115200' },
    light: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help || values.path === undefined) {
  console.log(USAGE);
  process.exit(values.help ? 0 : 64);
}

let shown = new Map<string, string>();
const link = new ControllerLink({
  clock: systemClock,
  firstSequence: 0,
  onState: show,
  onSilent: () => giveUp('the controller fell silent'),
});
const line = await openSerialLine(values.path, Number(values.baud), {
  onBytes: (bytes) => link.receive(bytes),
  onGone: () => giveUp('the line went away'),
});
if (!line.ok) giveUp(`${values.path} cannot be opened: ${line.error.kind}`);
link.attach(line.value);
const found = await link.identify();
if (!found.ok) giveUp(`it does not say who it is: ${found.error.kind}`);
const { version, start, sensors, lights } = found.value;
console.log(`protocol ${version}, start ${start}`);
console.log(`sensors: ${namesOf(sensors, SENSOR_LETTERS)}`);
console.log(`lights: ${namesOf(lights, LIGHT_LETTERS)}`);
if (values.light !== undefined) await set(values.light);
await link.ask(ping);
link.keepAlive();

async function set(order: string): Promise<void> {
  const [name, rate] = order.split('=');
  const light = lightSchema.safeParse(name);
  const flashRate = flashRateSchema.safeParse(rate);
  if (!light.success || !flashRate.success) giveUp(`no light and rate: ${order}`);
  const answer = await link.ask(showLight(light.data, flashRate.data));
  if (!answer.ok) giveUp(`the light was not set: ${answer.error.kind}`);
  console.log(`set ${order}`);
}

function show({ contacts }: ControllerState): void {
  const now = new Map(contacts.map((contact) => [contact.letter, textOf(contact)]));
  for (const [letter, text] of now) {
    if (shown.get(letter) !== text) console.log(`${namesOf(letter, SENSOR_LETTERS)}: ${text}`);
  }
  shown = now;
}

function textOf({ wire, count, acknowledged }: Contact): string {
  return `${wire}, activations ${count}, acknowledged ${acknowledged}`;
}

function namesOf(letters: string, table: Readonly<Record<string, string>>): string {
  const nameOf = (letter: string): string =>
    Object.entries(table).find(([, one]) => one === letter)?.[0] ?? `unknown (${letter})`;
  return letters.split('').map(nameOf).join(', ') || 'none';
}

function giveUp(reason: string): never {
  console.error(reason);
  process.exit(1);
}
