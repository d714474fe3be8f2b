import { parseArgs } from 'node:util';
import { pcscEKtpReaderFactory } from './pcsc-ektp-reader.ts';

/**
 * The card on a PC/SC reader by hand: how far down the ladder of `drivers/ektp` its reading comes, and nothing of
 * what the card says of its holder. Ends with 0 where it was read, 1 where it was not, 64 for wrong use.
 */
const USAGE = `Usage: node drivers/host/read-card.ts --reader PATTERN [--sam PATTERN] [--socket FILE]
  --reader   regular expression for the name of the reader the card lies on
  --sam      the same for the slot of the SAM; without it a card is only "present"
  --socket   of the PC/SC daemon, where it is not the system's own`;
const EX_USAGE = 64;

function options() {
  try {
    const text = { type: 'string' } as const;
    return parseArgs({ options: { reader: text, sam: text, socket: text } }).values;
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    return {};
  }
}

const { reader, sam = null, socket = null } = options();
const parsed = pcscEKtpReaderFactory.options.safeParse({
  readerPattern: reader,
  samPattern: sam,
  csockName: socket,
});
if (!parsed.success) {
  console.error(USAGE);
  process.exit(EX_USAGE);
}
const driver = pcscEKtpReaderFactory.create(parsed.data, () => undefined);
await driver.start();
const read = await driver.handlers.readIdentity({}, undefined);
await driver.stop();
if (read.ok) {
  console.log(`read: ${read.value.assurance}`);
} else {
  const { error } = read;
  const why =
    'errorCode' in error ? error.errorCode : 'reason' in error ? error.reason : error.kind;
  console.log(`not read: ${why}`);
}
process.exitCode = read.ok ? 0 : 1;
