/** A program that holds one PC/SC reader for itself until its input ends: `node reader-holder.ts NAME`. */
import { Client, CardDisposition, CardMode } from 'pcsc-mini';

const wanted = process.argv[2];
const client = new Client();
client.on('reader', (reader) => {
  if (reader.name() === wanted) void hold(reader);
});
client.start();

async function hold(
  reader: Parameters<Parameters<typeof client.on<'reader'>>[1]>[0],
): Promise<void> {
  const card = await reader.connect(CardMode.EXCLUSIVE);
  process.stdout.write('held\n');
  process.stdin.resume();
  process.stdin.on('end', () => {
    void card.disconnect(CardDisposition.RESET).then(() => process.exit(0));
  });
}
