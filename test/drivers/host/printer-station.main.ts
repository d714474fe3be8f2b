import { createInterface } from 'node:readline';
import { PrinterStation } from '../../../drivers/host/printer-station.ts';
import { PcscReaderPair } from '../../../drivers/pcsc-card-reader/reader-pair.ts';
import { systemClock } from '../../../src/base/clock.ts';

// Each line of standard input is a command in hexadecimal; each of standard output its answer or error.
const [, , readerPattern = '', csockName = null] = process.argv;
const reader = new PcscReaderPair({ readerPattern, csockName, samPattern: null });
const station = new PrinterStation(reader, systemClock);
await station.start();
process.stdout.write('started\n');
for await (const line of createInterface({ input: process.stdin })) {
  const answer = await station.transmit(Buffer.from(line, 'hex'));
  const said = answer.ok ? Buffer.from(answer.value).toString('hex') : answer.error.kind;
  process.stdout.write(`${said}\n`);
}
await station.stop();
