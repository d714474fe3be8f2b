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
  const heads = [...(lost === null ? [] : [lost]), ...(kept.ok ? kept.value : [])];
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
  const unborne = heads
    .filter((head) => journal.firstUnborne([head]) !== null)
    .sort((a, b) => a.size - b.size);
  const first = unborne[0];
  const last = unborne.at(-1);
  if (first === undefined || last === undefined) return null;
  const lostAfter = Math.min(journal.size(), first.size - 1);
  const lostThrough = last.size;
  await journal.append({
    events: [
      {
        kind: 'journal.lossAccepted',
        lostAfter,
        lostThrough,
        head: last.head,
        ...decidedFields(by),
      },
    ],
    also: ({ sql, seqs }) => storeStaffNote(sql, seqs[0] ?? 0, by),
  });
  return { lostAfter, lostThrough };
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
