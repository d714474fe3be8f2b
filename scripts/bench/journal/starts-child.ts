/** Writes into the record at `argv[2]`, then ends in an orderly way or, with `argv[3]` = `crash`, by SIGKILL. */
import { Attempt, openAt, touched } from './record.ts';

const [, , folder = '', end = ''] = process.argv;
const { journal, folder: data } = openAt(folder);
for (let rows = 0; rows < 20_000; rows += 100) {
  await journal.append({ events: Array.from({ length: 100 }, touched) });
}
const attempt = new Attempt(journal);
await attempt.begin();
for (let turn = 0; turn < 60; turn += 1) {
  await attempt.announce();
  await attempt.printed();
}
if (end === 'crash') process.kill(process.pid, 'SIGKILL');
await journal.stop('asked');
data.close();
