#!/usr/bin/env node
// Says whether a terminal's journal holds, by src/journal/FORMAT.md alone: this program shares no code
// with the terminal and needs nothing but Node 22.13 or newer.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, realpathSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const USAGE = `usage: verify-journal.mjs JOURNAL.DB [--key PEM] [--anchors FILE|URL] [--json] [--tls PEM]
  --key      the terminal's public key (default: keys/journal.pub.pem beside the journal)
  --anchors  signed heads that somebody else keeps; without them a cut-off tail does not show
  --tls      client certificate, its key and the CA, in this order in one file, for an anchors URL that asks
Exit: 0 valid, 1 broken, cut or incomplete, 2 the question could not be answered.`;

const SIGNED_KINDS = `core.started core.stopped clock.distrusted clock.trusted clock.jumped
  journal.lossAccepted vault.lossAccepted visitors.exported registry.headDisputed attempt.settled attempt.resolved
  blank.loaded blank.unloaded blank.foundAtCount stock.counted stock.incidentFound stock.corrected
  stock.incidentClosed stock.binEmptied testCard.ordered testCard.commanded testCard.settled
  oldCard.acceptCommanded oldCard.returnCommanded oldCard.foundAtStart case.erased case.erasureAsked
  staff.personCreated staff.personDisabled staff.actProposed staff.actApproved staff.actDecided`.split(
  /\s+/,
);
const INTENTS = `feedIntent encodeIntent printIntent captureIntent ejectIntent retracting
  voiding holdingBack`.split(/\s+/);
const MAX_UNSIGNED_ROWS = 100;
/** "ANJ2". */
const FORMAT = 0x414e4a32;

const sha256 = (...parts) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
// A damaged file can hold a value of any type in any column: what is no BLOB has no bytes.
const bytesOf = (value) => Buffer.from(value instanceof Uint8Array ? value : []);
const text = (value) => bytesOf(value).toString('utf8');

function hashOf(previous, seq, body) {
  const numbers = Buffer.alloc(12);
  numbers.writeBigUInt64BE(seq, 0);
  numbers.writeUInt32BE(body.length, 8);
  return sha256('anj-j2\0', previous, numbers, body);
}

function isSigned({ terminalId, size, head, at, algorithm, signature }, key) {
  const lines = ['anj-head-1', terminalId, size, head.toString('hex'), at, algorithm];
  const message = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const type = key.asymmetricKeyType;
  if (algorithm === 'ed25519' && type === 'ed25519') return verify(null, message, key, signature);
  if (algorithm !== 'ecdsa-p256-sha256' || type !== 'ec') return false;
  return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

/** RFC 8785 for what a body may hold. */
function canonical(value) {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

/** The event of a body in canonical form; null for any other bytes. */
function readBody(body) {
  let value;
  try {
    value = JSON.parse(text(body));
  } catch {
    return null;
  }
  if (!Buffer.from(canonical(value) ?? '').equals(body)) return null;
  if (Object.keys(value ?? {}).join() !== 'at,event,mono') return null;
  const { at, event, mono } = value;
  const whole = Number.isSafeInteger(at) && Number.isSafeInteger(mono);
  return whole && typeof event?.kind === 'string' ? event : null;
}

const mustBeSigned = ({ kind, to }) =>
  SIGNED_KINDS.includes(kind) || (kind === 'attempt.stateEntered' && INTENTS.includes(to));

/** What is wrong with rows that no signature covers: the number of the row and why, or null. */
function faultOfTail(tail, signedThrough) {
  const unsigned = [signedThrough + 1n, 'rows that are always signed are not'];
  if (tail.length >= MAX_UNSIGNED_ROWS) return unsigned;
  for (const [index, body] of tail.entries()) {
    const event = readBody(body);
    const seq = signedThrough + BigInt(index) + 1n;
    if (event === null) return [seq, 'a row under no signature is no event in canonical form'];
    if (mustBeSigned(event)) return unsigned;
  }
  return null;
}

function query(db, sql) {
  const statement = db.prepare(sql);
  statement.setReadBigInts(true);
  return statement;
}

function claimsOf(db, anchors) {
  const stored = query(
    db,
    `SELECT size, head, at_ms AS at, CAST(terminal_id AS BLOB) AS terminalId,
       CAST(algorithm AS BLOB) AS algorithm, signature FROM checkpoints`,
  );
  const claims = stored.all().map((row) => ({
    ...row,
    what: 'checkpoint',
    head: bytesOf(row.head),
    signature: bytesOf(row.signature),
    terminalId: text(row.terminalId),
    algorithm: text(row.algorithm),
  }));
  for (const anchor of anchors) {
    const head = Buffer.from(anchor.head, 'hex');
    const signature = Buffer.from(anchor.signature, 'base64');
    claims.push({ ...anchor, what: 'anchor', size: BigInt(anchor.size), head, signature });
  }
  return claims.sort((a, b) => Number(a.size - b.size));
}

/**
 * Remembers what a row says lies beside the rows: of each case the newest event, of each note its hash, of
 * each account how it was made and whether it was closed.
 * Only bodies that say so are parsed.
 */
function remember({ cases, notes, accounts }, seq, body) {
  const event = readBody(body);
  if (typeof event?.noteSha256 === 'string') notes.set(seq, event.noteSha256);
  if (['case.opened', 'case.erased'].includes(event?.kind)) cases.set(event.caseId, [seq, event]);
  if (event?.kind === 'staff.personCreated') accounts.set(event.personId, { seq, event, open: 1n });
  if (event?.kind === 'staff.personDisabled' && accounts.has(event.personId))
    accounts.get(event.personId).open = 0n;
}

const isSealedAs = ({ session, request, nonce, ciphertext }, event) =>
  event.sessionId === text(session) &&
  event.requestId === text(request) &&
  [undefined, bytesOf(nonce).toString('hex')].includes(event.nonce) &&
  event.ciphertextSha256 === sha256(bytesOf(ciphertext)).toString('hex');

/** The faults of the sealed fields: each the number of a row and why. */
function* faultsOfVault(db, cases, last) {
  const select = `SELECT CAST(case_id AS BLOB) AS id, CAST(session_id AS BLOB) AS session,
    CAST(request_id AS BLOB) AS request, nonce, ciphertext FROM vault`;
  const left = new Map(cases);
  for (const row of query(db, select).iterate()) {
    const id = text(row.id);
    const [seq, event] = left.get(id) ?? [last, null];
    left.delete(id);
    const fields = `the sealed fields of case ${id}`;
    if (event?.kind !== 'case.opened')
      yield [seq, `${fields} lie here, though the record has none`];
    else if (!isSealedAs(row, event)) yield [seq, `${fields} are not those that were sealed`];
  }
  for (const [id, [seq, { kind }]] of left) {
    if (kind !== 'case.opened') continue;
    yield [seq, `the sealed fields of case ${id} are gone, though nobody erased them`];
  }
}

/** The faults of the notes of who decided, and why. */
function* faultsOfNotes(db, notes) {
  const select = `SELECT seq, CAST(name AS BLOB) AS name, CAST(reason AS BLOB) AS reason
    FROM staff_notes`;
  const left = new Map(notes);
  for (const { seq, name, reason } of query(db, select).iterate()) {
    const hash = sha256(canonical({ name: text(name), reason: text(reason) })).toString('hex');
    if (left.get(seq) !== hash) yield [seq, 'the note beside the row is not the one it holds'];
    left.delete(seq);
  }
  for (const seq of left.keys()) yield [seq, 'the note beside the row is gone'];
}

/** The faults of the accounts of staff. */
function* faultsOfAccounts(db, accounts, last) {
  const select = `SELECT CAST(person_id AS BLOB) AS personId, CAST(name AS BLOB) AS name,
    CAST(roles_json AS BLOB) AS roles, 1 - disabled AS open FROM people`;
  const left = new Map(accounts);
  for (const row of query(db, select).iterate()) {
    const [personId, name, roles] = [text(row.personId), text(row.name), text(row.roles)];
    const made = left.get(personId);
    left.delete(personId);
    const named = sha256(canonical({ name, personId })).toString('hex');
    const asMade =
      made !== undefined &&
      [undefined, named].includes(made.event.nameSha256) &&
      roles === canonical(made.event.roles) &&
      row.open === made.open;
    if (!asMade) yield [made?.seq ?? last, `account ${personId} is not as the record says`];
  }
  for (const [personId, { seq }] of left) yield [seq, `account ${personId} is gone`];
}

/**
 * What people took note of as lost: the row that says so, the rows that are lost, the heads that proved it.
 * None where they cannot be read; the walk then meets the damage itself.
 */
function lossesOf(db) {
  const select = `SELECT seq, CAST(body AS BLOB) AS body FROM rows
    WHERE instr(body, '"kind":"journal.lossAccepted"') > 0 ORDER BY seq`;
  try {
    const noted = query(db, select).all();
    return noted.flatMap(({ seq, body }) => {
      const event = readBody(bytesOf(body));
      const { kind, lostAfter: after, lostThrough: through, head, heads = [head] } = event ?? {};
      const isLoss = kind === 'journal.lossAccepted' && Array.isArray(heads);
      return isLoss ? [{ seq, after, through, heads }] : [];
    });
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [];
  }
}

/** The fault at the first row; null where there is none. */
const firstOf = (faults) => [...faults].sort(([a], [b]) => Number(a - b))[0] ?? null;

/**
 * SQLITE_CORRUPT, with its extended codes in the higher bits, SQLITE_NOTADB, and SQLITE_ERROR: the
 * questions here never change, so a file that cannot answer them is not the one described.
 */
const isDamage = ({ errcode }) => [1, 11, 26].includes(errcode & 0xff);

/** What is wrong with the file itself, or null. */
function faultOfFile(db) {
  const { application_id: format } = db.prepare('PRAGMA application_id').get();
  if (format !== FORMAT) return 'the file says that it is of another format';
  const { integrity_check: check } = db.prepare('PRAGMA integrity_check').get();
  return check === 'ok' ? null : `SQLite: ${check}`;
}

/** The verdict on an open database, by the list at the end of FORMAT.md. */
function verifyRows(db, key, anchors, state) {
  const claims = claimsOf(db, anchors);
  const noted = lossesOf(db);
  const lossOf = new Map(
    noted.toReversed().flatMap(({ seq, heads }) => heads.map((h) => [h, seq])),
  );
  const passedOver = [];
  /** Whatever was found: an anchor that was passed over stops first where nothing signed excuses it. */
  const end = (...found) => {
    const noteIsSigned = ({ seq }) => seq <= state.signedThrough;
    const [verdict, at, reason] = passedOver.find((one) => !noteIsSigned(one))?.found ?? found;
    state.losses = noted
      .filter(noteIsSigned)
      .map(({ seq, after, through }) => ({ seq, after, through }));
    const isIncomplete = verdict === 'valid' && state.losses.length > 0;
    return { verdict: isIncomplete ? 'incomplete' : verdict, ...state, at, reason };
  };
  /** Ends at a claim that does not fit; null where a person took note that what it covers is lost. */
  const endAt = ({ what, head }, ...found) => {
    const seq = what === 'anchor' ? lossOf.get(head.toString('hex')) : undefined;
    if (seq === undefined) return end(...found);
    passedOver.push({ seq, found });
    return null;
  };
  let previous = Buffer.alloc(32);
  const terminal = (claims.find(({ what }) => what === 'checkpoint') ?? claims[0])?.terminalId;
  let tail = [];
  const beside = { cases: new Map(), notes: new Map(), accounts: new Map() };
  const faultOf = (claim) => {
    const { what, size } = claim;
    if (!isSigned(claim, key)) return `the signature of the ${what} over ${size} rows is not good`;
    return claim.terminalId === terminal ? null : `the ${what} is of another terminal`;
  };
  const select = `SELECT seq, CASE typeof(body) WHEN 'text' THEN CAST(body AS BLOB) END AS body,
    CASE typeof(hash) WHEN 'blob' THEN hash END AS hash,
    instr(body, '"kind":"case.') + instr(body, '"noteSha256":') +
    instr(body, '"kind":"staff.person') AS tells FROM rows ORDER BY seq`;
  for (const { seq, body, hash, tells } of query(db, select).iterate()) {
    const next = state.rows + 1n;
    if (seq !== next) return end('broken', next, `row ${next} is not there; row ${seq} follows`);
    if (!body || !hash) return end('broken', next, 'a value is not of the type FORMAT.md gives');
    const computed = hashOf(previous, seq, body);
    if (!computed.equals(hash)) return end('broken', next, 'row and hash do not belong together');
    state.rows = next;
    previous = computed;
    if (tail.length < MAX_UNSIGNED_ROWS) tail.push(body);
    if (tells > 0n) remember(beside, seq, body);
    while (claims[0]?.size === next) {
      const claim = claims.shift();
      const fault = faultOf(claim);
      if (fault !== null) return end('broken', next, fault);
      if (!claim.head.equals(computed)) {
        const reason = `the chain fits itself, but not the signed ${claim.what}; rows after ${state.signedThrough} were rewritten`;
        const ended = endAt(claim, 'broken', next, reason);
        if (ended !== null) return ended;
        continue;
      }
      state.signedThrough = next;
      if (claim.what === 'anchor') state.anchoredThrough = next;
      tail = [];
    }
  }
  for (const claim of claims) {
    const fault = faultOf(claim);
    if (fault !== null) return end('broken', claim.size, fault);
    const reason = `the ${claim.what} over ${claim.size} rows says that more were there`;
    const ended = endAt(claim, 'cut', state.rows + 1n, reason);
    if (ended !== null) return ended;
  }
  const fault = faultOfTail(tail, state.signedThrough);
  if (fault !== null) return end('broken', ...fault);
  const damage = faultOfFile(db);
  if (damage !== null) return end('broken', state.rows, damage);
  const missed =
    firstOf(faultsOfVault(db, beside.cases, state.rows)) ??
    firstOf(faultsOfNotes(db, beside.notes)) ??
    firstOf(faultsOfAccounts(db, beside.accounts, state.rows));
  return missed === null ? end('valid', null, null) : end('broken', ...missed);
}

/** The same for a file; what SQLite cannot read breaks the record as well. */
export function verifyFile(path, key, anchors = []) {
  const db = new DatabaseSync(path, { readOnly: true });
  const state = { rows: 0n, signedThrough: 0n, anchoredThrough: null, losses: [] };
  try {
    db.exec('BEGIN'); // one view of a record that a running terminal goes on writing
    return verifyRows(db, key, anchors, state);
  } catch (error) {
    if (!isDamage(error)) throw error;
    const at = state.rows + 1n;
    return { verdict: 'broken', ...state, at, reason: `SQLite: ${error.message}` };
  } finally {
    db.close();
  }
}

async function readPage(source, afterSize, tls) {
  if (!/^https?:/.test(source)) return JSON.parse(readFileSync(source, 'utf8'));
  const url = new URL(source);
  url.searchParams.set('afterSize', String(afterSize));
  const get = url.protocol === 'https:' ? https.get : http.get;
  const options = { ca: tls, cert: tls, key: tls, signal: AbortSignal.timeout(10_000) };
  const [response] = await once(get(url, options), 'response');
  if (response.statusCode !== 200) throw new Error(`${url.host}: ${response.statusCode}`);
  return json(response);
}

async function readAnchors(source, tls) {
  const heads = [];
  for (let more = source !== undefined; more;) {
    const page = await readPage(source, heads.at(-1)?.size ?? 0, tls);
    const found = Array.isArray(page) ? page : page.heads;
    heads.push(...found);
    more = page.more === true && found.length > 0;
  }
  return heads;
}

function sentenceOf({ verdict, rows, signedThrough, anchoredThrough, at, reason }) {
  if (verdict === 'cut') return `cut after row ${rows}: ${reason}`;
  if (verdict === 'broken') return `broken at row ${at ?? '?'}: ${reason}`;
  const signed = `${verdict}: ${rows} rows, signed to row ${signedThrough}`;
  if (anchoredThrough === null) return `${signed}; unanchored: a cut-off tail would not show`;
  return `${signed}, anchored to row ${anchoredThrough}`;
}

const sentenceOfLoss = ({ seq, after, through }) =>
  `rows ${after + 1} to ${through} of before are lost: a person took note of it in row ${seq}`;

async function main() {
  const string = { type: 'string' };
  const options = { key: string, anchors: string, tls: string, json: { type: 'boolean' } };
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new Error(USAGE);
  const keyFile = values.key ?? join(dirname(path), 'keys', 'journal.pub.pem');
  const tls = values.tls === undefined ? undefined : readFileSync(values.tls);
  const anchors = await readAnchors(values.anchors, tls);
  const result = verifyFile(path, createPublicKey(readFileSync(keyFile)), anchors);
  const plain = (_, value) => (typeof value === 'bigint' ? Number(value) : value);
  const lines = [sentenceOf(result), ...result.losses.map(sentenceOfLoss)];
  console.log(values.json ? JSON.stringify(result, plain) : lines.join('\n'));
  return result.verdict === 'valid' ? 0 : 1;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main().catch((error) => (console.error(error.message), 2));
}
