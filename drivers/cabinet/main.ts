import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Cabinet } from './cabinet.ts';
import { readOptions, USAGE } from './options.ts';
import { startPanel } from './panel.ts';

const EX_USAGE = 64;

const options = readOptions(process.argv.slice(2));
if (!options.ok) {
  console.error(`${options.error}\n${USAGE}`);
  process.exit(EX_USAGE);
}

const dataDir = resolve(options.value.dataDir);
const cabinet = new Cabinet({ ...options.value, dataDir });
await cabinet.start();
const panel = await startPanel(cabinet);

const endpointsPath = join(dataDir, 'endpoints.json');
writeFileSync(
  `${endpointsPath}.new`,
  JSON.stringify({
    pid: process.pid,
    panelUrl: panel.url,
    socketPath: cabinet.socketPath,
    scannerTty: cabinet.scanner.ttyPath,
    recordPath: join(dataDir, 'record.jsonl'),
    cardsDir: join(dataDir, 'cards'),
  }),
);
// Whoever waits for the file finds all of it.
renameSync(`${endpointsPath}.new`, endpointsPath);
console.log(`simulated cabinet: ${panel.url}`);

let stopping = false;
const stop = async (): Promise<void> => {
  if (stopping) return;
  stopping = true;
  rmSync(endpointsPath, { force: true });
  await panel.stop();
  await cabinet.stop();
};
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
