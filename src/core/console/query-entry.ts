import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { assert, assertNever } from '../../base/assert.ts';
import { attachJsonLines } from '../../base/json-lines.ts';
import { attemptTimeline, findAttempt, listAttempts } from '../../journal/print-log.ts';
import { verifyJournal } from '../../journal/verify/verify.ts';
import type { JournalHead } from '../../registry/ports.ts';
import { openReadOnly } from '../../store/open-database.ts';
import { VERSION } from '../version.ts';
import { questionSchema, type AnswerTo, type Question, type QuestionName } from './query-wire.ts';

/** The query process: reads the journal beside core and answers on descriptor 3 until core closes it. */
const [, , dataFolder, version] = process.argv;
assert(dataFolder !== undefined, 'core names the data folder');
// Installed beside a core that still runs, a newer program would call the older tables damaged.
assert(version === VERSION, 'core is of the same version');
const opened = openReadOnly(path.join(dataFolder, 'journal.db'));
assert(opened.ok, 'core has this journal open, so it can be read');
const database = opened.value;
const heads: JournalHead[] = [];

const answer = attachJsonLines(new Socket({ fd: 3 }), {
  onFrame: (frame) => answer(oneView(() => answerTo(questionSchema.parse(frame)))),
  onClose: () => process.exit(),
});

/** One view of a record that goes on growing: a row read here whose signature came later is no break. */
function oneView<T>(work: () => T): T {
  database.exec('BEGIN');
  const result = work();
  database.exec('COMMIT');
  return result;
}

function answerTo(question: Question): AnswerTo<QuestionName> {
  switch (question.ask) {
    case 'attempts':
      return pageOfLog(question.about);
    case 'timeline':
      return timelineOf(question.about.attemptId);
    case 'holdHeads':
      heads.push(...question.about.heads);
      return { held: heads.length };
    case 'verify':
      return verify();
    default:
      return assertNever(question);
  }
}

function pageOfLog(page: {
  readonly beforeSeq: number | null;
  readonly limit: number;
}): AnswerTo<'attempts'> {
  const { beforeSeq, limit } = page;
  const attempts = listAttempts(database, {
    limit: limit + 1,
    ...(beforeSeq === null ? {} : { beforeSeq }),
  });
  return { attempts: attempts.slice(0, limit), more: attempts.length > limit };
}

function timelineOf(attemptId: string): AnswerTo<'timeline'> {
  const attempt = findAttempt(database, attemptId);
  if (attempt === null) return null;
  const rows = attemptTimeline(database, attemptId).map(({ seq, at, event }) => {
    const { kind, ...data } = event;
    return { seq, at, kind, data };
  });
  return { attempt, rows };
}

function verify(): AnswerTo<'verify'> {
  const publicKey = createPublicKey(
    readFileSync(path.join(dataFolder ?? '', 'keys/journal.pub.pem')),
  );
  const report = verifyJournal(database, { publicKey, anchors: heads });
  const { rows, checkpoints, signedThrough, anchoredThrough, losses, firstBreak } = report;
  return {
    rows,
    checkpoints,
    signedThrough,
    anchoredThrough,
    lost: losses.map(({ seq, lostAfter, lostThrough }) => ({
      from: lostAfter + 1,
      through: lostThrough,
      notedIn: seq,
    })),
    firstBreak: firstBreak === null ? null : { seq: firstBreak.seq, reason: firstBreak.reason },
  };
}
