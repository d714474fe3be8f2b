import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { err, ok, type Result } from '../base/result.ts';
import { readAnchors } from '../journal/verify/anchors.ts';
import type { VerifyReport } from '../journal/verify/report.ts';
import { verifyJournal } from '../journal/verify/verify.ts';
import type { JournalHead } from '../registry/ports.ts';
import { openReadOnly } from '../store/open-database.ts';
import { fetchAnchors } from './anchors-source.ts';
import { BAD_NEWS, GOOD, NO_ANSWER, type Report } from './output.ts';

const cannot = (line: string, json: unknown): Report => ({
  json,
  lines: [line],
  exitStatus: NO_ANSWER,
});

/** `anjungan journal verify`: whether the record holds, and if not, where it breaks. Changes nothing. */
export async function journalVerify(options: {
  readonly dataFolder: string;
  readonly anchors: string | null;
  readonly key: string | null;
  /** For an anchors URL that asks who we are. */
  readonly tls: string | null;
}): Promise<Report> {
  const keyFile = options.key ?? path.join(options.dataFolder, 'keys/journal.pub.pem');
  const publicKey = readPublicKey(keyFile);
  if (!publicKey.ok) {
    const { error } = publicKey;
    return error.kind === 'keyMissing'
      ? cannot(`There is no public key at ${keyFile}; name one with --key.`, { error })
      : cannot(`${keyFile} is not a public key in PEM.`, { error });
  }
  const database = openReadOnly(path.join(options.dataFolder, 'journal.db'));
  if (!database.ok) {
    return cannot(`The journal cannot be opened: ${database.error.kind}.`, {
      error: database.error,
    });
  }
  let anchors: JournalHead[] = [];
  if (options.anchors !== null) {
    const read = await readAnchors(options.anchors, fetchAnchors(options));
    if (!read.ok) {
      const { error } = read;
      const why = error.kind === 'unreachable' ? error.detail : 'they are not a list of heads';
      return cannot(`The anchors cannot be read: ${why}.`, { error });
    }
    anchors = read.value;
  }
  // One view of a record that a running core goes on writing.
  database.value.exec('BEGIN');
  const report = verifyJournal(database.value, {
    publicKey: publicKey.value,
    anchors,
  });
  database.value.close();
  return reportOn(report);
}

function reportOn(report: VerifyReport): Report {
  const { firstBreak, losses } = report;
  const lost = losses.map(
    ({ seq, lostAfter, lostThrough }) =>
      `Rows ${lostAfter + 1} to ${lostThrough} of before are lost: a person took note of it in row ${seq}.`,
  );
  if (firstBreak !== null) {
    const { seq, lastGoodSeq, reason, detail } = firstBreak;
    const line = `BROKEN at row ${seq}: ${reason} (${detail}). Rows 1 to ${lastGoodSeq} hold.`;
    return { json: { valid: false, ...report }, lines: [line, ...lost], exitStatus: BAD_NEWS };
  }
  const anchored =
    report.anchoredThrough === null
      ? 'UNANCHORED: without heads kept elsewhere a cut-off tail would not show'
      : `anchored through row ${report.anchoredThrough}`;
  const isWhole = losses.length === 0;
  const line = `${isWhole ? 'VALID' : 'INCOMPLETE'}: ${report.rows} rows, ${report.checkpoints} checkpoints, signed through row ${report.signedThrough}; ${anchored}.`;
  return {
    json: { valid: isWhole, ...report },
    lines: [line, ...lost],
    exitStatus: isWhole ? GOOD : BAD_NEWS,
  };
}

function readPublicKey(file: string): Result<KeyObject, { kind: 'keyMissing' | 'keyMalformed' }> {
  let pem: Buffer;
  try {
    pem = readFileSync(file);
  } catch {
    return err({ kind: 'keyMissing' });
  }
  try {
    return ok(createPublicKey(pem));
  } catch {
    return err({ kind: 'keyMalformed' });
  }
}
