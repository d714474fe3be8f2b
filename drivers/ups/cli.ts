/** A UPS by hand: `node drivers/ups/cli.ts UPS [--host H] [--port N] [--watch]`. */
import { parseArgs } from 'node:util';
import { upsFactory } from './driver.ts';
import { NUT_PORT } from './protocol.ts';

const USAGE = `Usage: node drivers/ups/cli.ts UPS [--host HOST] [--port N] [--watch]
Shows what upsd says of a UPS: source of the power, time left, what is wrong.
  UPS      its name in ups.conf
  --host   default 127.0.0.1
  --port   default ${NUT_PORT}
  --watch  goes on and prints each change until Ctrl+C
Ends with 1 when nothing can be read.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: String(NUT_PORT) },
    watch: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const [ups] = positionals;
const options = upsFactory.options.safeParse({
  ups,
  host: values.host,
  port: Number(values.port),
});
if (values.help || !options.success) {
  console.error(USAGE);
  process.exit(values.help ? 0 : 64);
}

const show = (value: unknown): void => console.log(JSON.stringify(value));
const driver = upsFactory.create(options.data, (event, payload) => {
  if (values.watch) show({ event, ...payload });
});
await driver.start();
if (!values.watch) {
  const status = await driver.handlers.getStatus({});
  await driver.stop();
  show(status.ok ? status.value : status.error);
  process.exitCode = status.ok && status.value.state === 'online' ? 0 : 1;
}
