import { parseArgs } from 'node:util';
import { whereOf } from '../base/where-of.ts';
import { boot } from './boot.ts';
import { createLog } from './log.ts';
import { exitStatusOf, refusedStartLines } from './startup-error.ts';

// Small buffers would share slabs, and a slab keeps what was in it for as long as anything else lives in it.
Buffer.poolSize = 0;

const USAGE = 'Usage: node src/core/main.ts --data FOLDER';
const EX_USAGE = 64;
/** The impossible happened: nothing in this process is to be believed any more. */
const EX_SOFTWARE = 70;

const { values } = parseArgs({ options: { data: { type: 'string' } } });
const log = createLog();

function fatal(cause: unknown): never {
  log.fatal({ where: whereOf(cause).split('\n') }, 'stopping: what must not happen has happened');
  process.exit(EX_SOFTWARE);
}
process.on('uncaughtException', fatal);
process.on('unhandledRejection', fatal);

const dataFolder = values.data ?? process.env['ANJUNGAN_DATA'];
if (dataFolder === undefined) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(EX_USAGE);
}
// Before the boot: asked to stop in the middle of it, core comes up and then stops in an orderly way.
const stopAsked = Promise.withResolvers<undefined>();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => stopAsked.resolve(undefined));
}
const core = await boot({ dataFolder, log, fatal });
if (!core.ok) {
  for (const line of refusedStartLines(core.error)) process.stderr.write(`anjungan: ${line}\n`);
  process.exit(exitStatusOf(core.error));
}
stopAsked.promise.then(() => core.value.stop('asked')).then(() => process.exit(0), fatal);
