/** The PC/SC readers by hand: `node drivers/pcsc-card-reader/cli.ts [SOCKET]` lists them and what is in them. */
import { loadPcscLibrary, pcscCodeOf } from './pcsc-library.ts';

const LISTED_WITHIN_MS = 500;

const loaded = await loadPcscLibrary(process.argv[2] ?? null);
if (!loaded.ok) {
  console.error(`The PC/SC library cannot be loaded (libpcsclite1?): ${loaded.error.reason}`);
  process.exit(1);
}
const client = new loaded.value.Client();
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
