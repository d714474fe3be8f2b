import { createPublicKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { RecordEntry } from '../../../drivers/cabinet/record.ts';
import { TERMINAL_ID } from '../../../scripts/stack/stack.ts';
import { verifyFile } from '../../../scripts/verify-journal.mjs';
import { PUBLIC_KEY_FILE } from '../../../src/journal/chain/signer.ts';
import { readAnchors } from '../../../src/journal/verify/anchors.ts';
import { verifyJournal } from '../../../src/journal/verify/verify.ts';
import { openReadOnly } from '../../../src/store/open-database.ts';
import { disagreements } from '../../journey/support/agreement.ts';
import {
  readJournal,
  settledIn,
  type JournalContent,
  type SettledAttempt,
} from '../../journey/support/journal-file.ts';
import { movedSince } from '../../journey/support/physical-record.ts';
import { attemptCommandOf } from './announcements.ts';
import { oldCardsDiffer, type Moment } from './old-cards.ts';
import type { World } from './world.ts';

/** Where the registry has a request after the newest report of its attempts. */
const REGISTRY_SAYS = {
  delivered: ['diserahkan'],
  notPrinted: ['siapCetak'],
  spoiled: ['siapCetak', 'gagalCetak'],
  retracted: ['takDiambil'],
  uncertain: ['perluPeriksa'],
} as const;

/** Commands that recovery may give: none of them prints or presents. */
const RECOVERY_GIVES = ['rejectCard', 'retractCard', 'captureCard'];

const requestSchema = z.looseObject({ state: z.string(), conflicts: z.array(z.unknown()) });
const feedersSchema = z.object({
  cardPrinter: z.object({ feeders: z.array(z.object({ count: z.number() })) }),
});

/**
 * What recovery did that it must not, in each start of core since `before`: a citizen comes only to the
 * last of them, and only after this was read.
 */
export function recoveriesOverstepped(now: JournalContent, before: JournalContent): string[] {
  const since = now.rows.slice(before.rows.length);
  const started = since.findIndex(({ event }) => event.kind === 'core.started');
  if (started === -1) return ['core is not on record as started'];
  return since
    .slice(started)
    .flatMap(({ event }) => attemptCommandOf(event) ?? [])
    .filter((given) => !RECOVERY_GIVES.includes(given))
    .map((given) => `recovery gave ${given}`);
}

/** Card attempts that came to `uncertain` since `before`. */
export const newlyUncertain = (before: JournalContent, now: JournalContent): number =>
  uncertainCards(now).length - uncertainCards(before).length;

const uncertainCards = (journal: JournalContent): readonly SettledAttempt[] =>
  settledIn(journal).filter(
    ({ outcome, documentKind }) => outcome === 'uncertain' && documentKind !== 'kk',
  );

/**
 * Every promise over the whole life of a world, held against what the cabinet, the registry and the page
 * printer keep for themselves; empty where all hold. Old cards, of which a doubt is allowed, are held since
 * `since`. Core is idle, and the outbox empty.
 */
export async function brokenPromises(
  world: World,
  requestIds: readonly string[],
  since: Moment,
): Promise<string[]> {
  const journal = readJournal(world.dataDir);
  const record = await movedSince(world, 0);
  const unresolved = settledIn(journal).flatMap(({ outcome, blank }) =>
    outcome === 'uncertain' && blank !== null ? [blank.serial] : [],
  );
  // Captures at a start are announced by another event than those of an attempt; see `oldCardsDiffer`.
  const cards = record.filter(({ type }) => type !== 'oldCardCaptured');
  return [
    ...disagreements(journal, cards, unresolved),
    ...oldCardsDiffer(world.dataDir, journal, record, since),
    ...(await stockDiffers(world, journal, record)),
    ...papers(world, journal),
    ...(await registryDiffers(world, journal, requestIds)),
    ...(await recordBroken(world)),
  ];
}

/** loaded = still in feeders + fed, by the cabinet's own count; where each went is held serial by serial. */
async function stockDiffers(
  { panel }: World,
  { blanks }: JournalContent,
  record: readonly RecordEntry[],
): Promise<string[]> {
  const { cardPrinter } = await panel.get('/api/state', feedersSchema);
  const left = cardPrinter.feeders.reduce((sum, { count }) => sum + count, 0);
  const fed = record.filter(({ type }) => type === 'blankFed').length;
  const inLedger = blanks.filter(({ state }) => state === 'inFeeder').length;
  return [
    ...(left + fed === blanks.length
      ? []
      : [`${blanks.length} loaded, ${left} left and ${fed} fed`]),
    ...(inLedger === left ? [] : [`the ledger has ${inLedger} in feeders, the cabinet ${left}`]),
  ];
}

/** No attempt has two jobs at the page printer. Its files are named after the job, which is the attempt. */
function papers({ jobsDir }: World, journal: JournalContent): string[] {
  const files = readdirSync(jobsDir);
  return settledIn(journal)
    .map(({ attemptId }) => attemptId.toLowerCase())
    .filter((id) => files.filter((file) => file.toLowerCase().includes(id)).length > 1)
    .map((id) => `${id} was printed on paper twice`);
}

async function registryDiffers(
  { front }: World,
  journal: JournalContent,
  requestIds: readonly string[],
): Promise<string[]> {
  const broken: string[] = [];
  for (const requestId of requestIds) {
    const { state, conflicts } = await front.get(`/front/api/requests/${requestId}`, requestSchema);
    const newest = settledIn(journal, requestId).at(-1);
    const expected = z.keyof(z.object(outcomeKeys)).parse(newest?.outcome ?? 'notPrinted');
    const says = isHeldBack(journal, newest) ? ['perluPeriksa'] : REGISTRY_SAYS[expected];
    if (!(says as readonly string[]).includes(state)) {
      broken.push(`the registry has ${requestId} as ${state} after ${expected}`);
    }
    if (conflicts.length > 0) broken.push(`${conflicts.length} conflicting reports`);
  }
  return broken;
}

/** A card that is made waits in the bin for its holder: no other is printed until people decide. */
const isHeldBack = ({ rows }: JournalContent, attempt: SettledAttempt | undefined): boolean =>
  rows.some(({ event }) => event['to'] === 'heldBack' && event['attemptId'] === attempt?.attemptId);

const outcomeKeys = {
  delivered: z.unknown(),
  notPrinted: z.unknown(),
  spoiled: z.unknown(),
  retracted: z.unknown(),
  uncertain: z.unknown(),
};

/** Both verifiers, against the heads that the registry keeps. */
async function recordBroken({ dataDir, front }: World): Promise<string[]> {
  const file = path.join(dataDir, 'journal.db');
  const publicKey = createPublicKey(readFileSync(path.join(dataDir, 'keys', PUBLIC_KEY_FILE)));
  const anchors = await readAnchors(`http://x/front/api/terminals/${TERMINAL_ID}/heads`, (url) => {
    const { pathname, search } = new URL(url);
    return front.get(`${pathname}${search}`, z.unknown());
  });
  if (!anchors.ok) return [`the registry keeps no heads: ${anchors.error.kind}`];
  const opened = openReadOnly(file);
  if (!opened.ok) return [`the journal does not open: ${opened.error.kind}`];
  const ours = verifyJournal(opened.value, { publicKey, anchors: anchors.value });
  opened.value.close();
  const theirs = verifyFile(file, publicKey, anchors.value);
  return [
    ...(ours.firstBreak === null ? [] : [`the record breaks at ${ours.firstBreak.seq}`]),
    ...(theirs.verdict === 'valid'
      ? []
      : [`the other verifier says ${theirs.verdict}: ${theirs.reason ?? ''}`]),
  ];
}
