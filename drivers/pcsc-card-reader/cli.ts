/** The PC/SC readers by hand: `node drivers/pcsc-card-reader/cli.ts [SOCKET]` lists them and what is in them. */
import { loadPcscLibrary, pcscCodeOf } from './pcsc-library.ts';

const LISTED_WITHIN_MS = 500;

const pcsc = await loadPcscLibrary(process.argv[2] ?? null);
const client = new pcsc.Client();
client.on('reader', (reader) => {
  reader.on('change', (status, atr) =>
    console.log(`${reader.name()}: ${status.toString()} ${Buffer.from(atr).toString('hex')}`),
  );
});
try {
  client.start();
} catch (error) {
  console.error(`The PC/SC daemon does not answer: ${pcscCodeOf(error)}`);
  process.exit(1);
}
setTimeout(() => client.stop(), LISTED_WITHIN_MS);
