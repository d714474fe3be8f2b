/**
 * Appends to the journal in argv[2] until it is killed. Each acknowledged row is written to stdout,
 * synchronously, before the next begins. argv[3] says where the process kills itself: `beforeSigning`,
 * `insideTransaction`, `afterCommit`, or `never`, where the parent does it.
 */
import { writeSync } from 'node:fs';
import { systemClock } from '../../src/base/clock.ts';
import { openFileSigner, type CheckpointSigner } from '../../src/journal/chain/signer.ts';
import { journalIsEmpty, openJournal } from '../../src/journal/open-journal.ts';
import { openDataFolder } from '../../src/store/data-folder.ts';
import { recordAttempt, started, TERMINAL, touched } from './fixture.ts';

const [, , path = '', moment = 'never'] = process.argv;
const die = (): void => void process.kill(process.pid, 'SIGKILL');

const folder = openDataFolder(path, { reserveBytes: 0 });
if (!folder.ok) throw new Error(folder.error.kind);
const database = folder.value.journal;
const signer = openFileSigner(folder.value.keysFolder, { mayCreate: journalIsEmpty(database) });
if (!signer.ok) throw new Error(signer.error.kind);
let armed = false;
const deadlySigner: CheckpointSigner = {
  ...signer.value,
  sign: (bytes) => {
    if (armed && moment === 'beforeSigning') die();
    return signer.value.sign(bytes);
  },
};
const opened = openJournal({
  database,
  signer: deadlySigner,
  clock: systemClock,
  terminalId: TERMINAL,
});
if (!opened.ok) throw new Error(JSON.stringify(opened.error));
const { journal } = opened.value;
journal.onAppended((rows) => {
  for (const { seq } of rows) writeSync(1, `${seq}\n`);
});

await journal.append({ events: [started] });
await recordAttempt(journal);
armed = true;
while (moment === 'never') {
  await journal.append({ events: [touched()] });
  await recordAttempt(journal);
}
await journal.append({
  events: [touched()],
  checkpoint: true,
  also: () => {
    if (moment === 'insideTransaction') die();
  },
});
// Nothing may come between the commit and this: the listener above has not run yet.
die();
