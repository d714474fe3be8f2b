import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import path from 'node:path';
import { root } from '../../scripts/stack/program.ts';
import { maskNik, nikSchema } from '../../src/domain/nik.ts';
import { maskName } from '../../src/domain/masked-name.ts';
import { anjungan, anjunganTold, run, type Ran } from './support/processes.ts';
import { foundInClear } from './support/in-clear.ts';
import { JOURNEY_MS, Terminal } from './support/terminal.ts';

jest.setTimeout(JOURNEY_MS);

let terminal: Terminal;
beforeAll(async () => {
  terminal = await Terminal.start();
});
afterAll(() => terminal.stop());

const who = ['--by', 'BUDI PETUGAS', '--reason', 'letter 12/2026 of the ombudsman'];
const DAY_MS = 86_400_000;
const moment = (ms: number): string => new Date(ms).toISOString();

const visitors = (): Promise<Ran> => {
  const range = ['--from', moment(Date.now() - DAY_MS), '--to', moment(Date.now() + DAY_MS)];
  return anjungan(terminal.stack.dataDir, '--json', 'journal', 'visitors', ...range, ...who);
};

it('who was at the terminal is told by name until it is erased, and by request and session after', async () => {
  const { mother, child } = terminal.people.motherAndChild();
  const kia = { documentKind: 'kia', reason: 'first' } as const;
  const approved = await terminal.approved(child, kia, mother);
  const citizen = await terminal.citizen();
  await citizen.comeByNik(mother.nik, approved.pin);
  await citizen.choose(approved.requestId);
  expect((await citizen.print()).screen).toMatchObject({ outcome: 'delivered' });
  await citizen.leave();
  await terminal.untilRequest(approved.requestId, 'diserahkan');
  // Somebody who only looks at the list, and somebody who is not let in.
  const onlooker = terminal.people.head(1, 10);
  const kk = await terminal.approved(onlooker, { documentKind: 'kk', reason: 'changed' });
  await citizen.comeByCard(onlooker, kk.pin);
  await citizen.leave();
  await citizen.typeNik(onlooker.nik);
  await citizen.typePin(kk.pin === '246810' ? '135792' : '246810');
  await citizen.leave();
  await terminal.stack.stopCore();

  const before = await visitors();
  expect(before.stderr).toBe('');
  const named = {
    requestId: approved.requestId,
    documentKind: 'kia',
    outcome: 'delivered',
    claimantName: maskName(mother.name),
    maskedNik: maskNik(nikSchema.parse(mother.nik)),
    subjectName: maskName(child.name),
    authority: 'parent',
    fields: 'sealed',
  };
  const looked = { requestId: null, caseId: null, claimantName: null, fields: 'notKept' };
  expect(JSON.parse(before.stdout)).toMatchObject({ visits: [named, looked] });
  expect(foundInClear(terminal.stack, terminal.secrets)).toEqual([]);

  const { dataDir } = terminal.stack;
  const erase = ['--json', 'journal', 'erase', '--nik-stdin', ...who];
  const erased = await anjunganTold(dataDir, mother.nik, ...erase);
  expect(JSON.parse(erased.stdout)).toEqual({ cases: 1 });
  const after = await visitors();
  const nobody = { claimantName: null, maskedNik: null, subjectName: null, authority: null };
  expect(JSON.parse(after.stdout)).toMatchObject({
    visits: [
      { requestId: approved.requestId, outcome: 'delivered', ...nobody, fields: 'erased' },
      looked,
    ],
  });
  const other = path.join(root, 'scripts/verify-journal.mjs');
  const verified = await Promise.all([
    anjungan(dataDir, 'journal', 'verify'),
    run(process.execPath, [other, path.join(dataDir, 'journal.db')]),
  ]);
  expect(verified.map(({ status, stdout }) => [status, stdout.split(/[ ,:]/)[0]])).toEqual([
    [0, 'VALID'],
    [0, 'valid'],
  ]);
});
