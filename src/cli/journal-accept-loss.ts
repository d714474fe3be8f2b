import type { JournalEvent } from '../journal/catalogue.ts';
import { HEADS_A_LOSS } from '../journal/events/record.ts';
import type { Journal } from '../journal/journal.ts';
import { decidedFields, storeStaffNote, type DecidedBy } from '../journal/staff-note.ts';
import type { Vault } from '../journal/vault/vault.ts';
import { readAnchors } from '../journal/verify/anchors.ts';
import type { JournalHead } from '../registry/ports.ts';
import { fetchAnchors } from './anchors-source.ts';
import { openAsOwner, type OwnerAsk } from './journal-owner.ts';
import { BAD_NEWS, GOOD, type Report } from './output.ts';

/**
 * `anjungan journal accept-loss`: a person takes note that rows or case keys are lost, with name and
 * reason, and the terminal may go on. It brings nothing back: what the lost rows held is to be settled
 * by counting the blanks and asking the registry.
 */
export async function journalAcceptLoss(ask: Omit<OwnerAsk, 'acceptsLoss'>): Promise<Report> {
  const opened = openAsOwner({ ...ask, acceptsLoss: true });
  if (!opened.ok) return opened.error;
  const { config, journal, vault, by, lost, close } = opened.value;
  const { registry, terminal } = config;
  const kept = await readAnchors(
    `${registry.url}/v1/terminals/${terminal.id}/heads`,
    fetchAnchors({ dataFolder: ask.dataFolder, tls: null }),
  );
  const heads = [...lost, ...(kept.ok ? kept.value : [])];
  const rows = await acceptRows(journal, heads, by);
  const cases = await acceptKeys(journal, vault, by);
  await close();
  const lines = [
    ...(rows === null
      ? []
      : [
          `On record: rows ${rows.lostAfter + 1} to ${rows.lostThrough} are lost. Count the blanks, and let the registry settle what it was not told.`,
        ]),
    ...(cases === 0 ? [] : [`On record: the keys of ${cases} cases are lost.`]),
    ...(kept.ok
      ? []
      : ['The registry could not be asked for its heads; it may still dispute the record.']),
  ];
  const nothing = rows === null && cases === 0;
  return {
    json: { rows, cases, registryAsked: kept.ok },
    lines: nothing ? ['Nothing is lost; nothing was recorded.', ...lines] : lines,
    exitStatus: nothing ? BAD_NEWS : GOOD,
  };
}

interface LostRows {
  readonly lostAfter: number;
  readonly lostThrough: number;
}

async function acceptRows(
  journal: Journal,
  heads: readonly JournalHead[],
  by: DecidedBy,
): Promise<LostRows | null> {
  const unborne = journal.unborne(heads).toSorted((a, b) => a.size - b.size);
  const [first] = unborne;
  const newest = unborne.at(-1);
  if (first === undefined || newest === undefined) return null;
  const lostAfter = Math.min(journal.size(), first.size - 1);
  // The file beside the journal and the registry may keep the same one.
  const distinct = [...new Map(unborne.map((each) => [each.head, each])).values()];
  const events: JournalEvent[] = [];
  for (let from = 0; from < distinct.length; from += HEADS_A_LOSS) {
    const excused = distinct.slice(from, from + HEADS_A_LOSS);
    const { size: lostThrough, head } = excused.at(-1) ?? newest;
    const loss = { lostAfter, lostThrough, head, heads: excused.map((each) => each.head) };
    events.push({ kind: 'journal.lossAccepted', ...loss, ...decidedFields(by) });
  }
  await journal.append({
    events,
    also: ({ sql, seqs }) => seqs.forEach((seq) => storeStaffNote(sql, seq, by)),
  });
  return { lostAfter, lostThrough: newest.size };
}

async function acceptKeys(journal: Journal, vault: Vault, by: DecidedBy): Promise<number> {
  const cases = vault.casesWithoutKey();
  if (cases.length === 0) return 0;
  await journal.append({
    events: [{ kind: 'vault.lossAccepted', cases: cases.length, ...decidedFields(by) }],
    also: ({ sql, seqs }) => storeStaffNote(sql, seqs[0] ?? 0, by),
  });
  await vault.erase(cases, 'keyLost');
  return cases.length;
}
