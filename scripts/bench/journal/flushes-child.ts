/** Announces `argv[3]` movements in the record at `argv[2]`, for whoever counts the flushes from outside. */
import { Attempt, openAt } from './record.ts';

const [, , folder = '', count = '0'] = process.argv;
const { journal, folder: data } = openAt(folder);
const attempt = new Attempt(journal);
await attempt.begin();
for (let turn = 0; turn < Number(count); turn += 1) {
  await attempt.announce();
  await attempt.printed();
}
data.close();
