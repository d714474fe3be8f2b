import * as z from 'zod';
import type { RecordEntry } from '../../../drivers/cabinet/record.ts';
import { settledIn, type JournalContent } from './journal-file.ts';

const entered = z.object({ attemptId: z.string(), to: z.string() });
const moved = z.object({ blank: z.object({ serial: z.string() }), to: z.string() });

/** The states whose commit announces each movement. */
const INTENTS_OF: Readonly<Partial<Record<RecordEntry['type'], readonly string[]>>> = {
  blankFed: ['feedIntent'],
  sidePrinted: ['printIntent'],
  sidePartlyPrinted: ['printIntent'],
  cardPresented: ['ejectIntent'],
  cardRejected: ['voiding', 'holdingBack'],
  cardRetracted: ['retracting'],
};
/** Where a blank is for good after a movement; a technician clears a jam into the reject bin. */
const FATE_OF: Readonly<Partial<Record<RecordEntry['type'], string>>> = {
  cardTaken: 'issued',
  cardPushedOut: 'issued',
  cardRejected: 'void',
  cleared: 'void',
  cardRetracted: 'retracted',
};
/** `unresolved` is none: people may find out yet. */
const FATES = ['issued', 'void', 'retracted', 'test', 'returned'];

/**
 * Where the journal and the cabinet's own record do not tell the same story; empty where they do. A
 * blank that the ledger calls unresolved claims nothing and must be among `unresolved`.
 */
export function disagreements(
  journal: JournalContent,
  record: readonly RecordEntry[],
  unresolved: readonly string[] = [],
): string[] {
  return [
    ...violations(record),
    ...fates(journal, record, unresolved),
    ...movedOnce(journal),
    ...unannounced(journal, record),
    ...originals(journal, record),
  ];
}

function violations(record: readonly RecordEntry[]): string[] {
  return record.flatMap((entry) => {
    if (entry.type === 'protocolViolation') return [`${entry.device}: ${entry.reason}`];
    if (entry.type === 'sidePrinted' && entry.overprint) return [`${entry.serial} printed twice`];
    return [];
  });
}

/** Where hands and sensors of the cabinet saw the blank end. */
function physicalFates(record: readonly RecordEntry[], serial: string): string[] {
  return record.flatMap((entry) => {
    if (!('serial' in entry) || entry.serial !== serial) return [];
    if (entry.type === 'cleared' && entry.movedTo === null) return [];
    return FATE_OF[entry.type] ?? [];
  });
}

function fates(
  { blanks }: JournalContent,
  record: readonly RecordEntry[],
  unresolved: readonly string[],
): string[] {
  return blanks.flatMap(({ serial, state }) => {
    const seen = physicalFates(record, serial);
    if (seen.length > 1) return [`${serial} met ${seen.join(' and ')}`];
    if (state === 'unresolved') {
      return unresolved.includes(serial) ? [] : [`${serial} is unresolved, ${seen[0] ?? 'unseen'}`];
    }
    const fed = record.some((entry) => entry.type === 'blankFed' && entry.serial === serial);
    const expected = seen[0] ?? (fed ? 'inTransport' : 'inFeeder');
    return state === expected ? [] : [`${serial} is ${expected}, the ledger says ${state}`];
  });
}

function movedOnce({ rows }: JournalContent): string[] {
  const final = rows
    .filter(({ event }) => event.kind === 'blank.moved')
    .map(({ event }) => moved.parse(event))
    .filter(({ to }) => FATES.includes(to))
    .map(({ blank }) => blank.serial);
  return final
    .filter((serial, index) => final.indexOf(serial) !== index)
    .map((serial) => `${serial} was given two fates in the journal`);
}

/** The n-th movement of a kind in an attempt must follow its n-th announcement. */
function unannounced(journal: JournalContent, record: readonly RecordEntry[]): string[] {
  const attemptOf = new Map(
    settledIn(journal).flatMap(({ attemptId, blank }) =>
      blank === null ? [] : [[blank.serial, attemptId] as const],
    ),
  );
  const intents = journal.rows
    .filter(({ event }) => event.kind === 'attempt.stateEntered')
    .map(({ at, event }) => ({ at, ...entered.parse(event) }));
  const counted = new Map<string, number>();
  const isLate = (attemptId: string | null, to: readonly string[], at: number): boolean => {
    const key = `${attemptId ?? 'any'} ${to.join()}`;
    const nth = counted.get(key) ?? 0;
    counted.set(key, nth + 1);
    const announced = intents.filter(
      (intent) => to.includes(intent.to) && (attemptId === null || intent.attemptId === attemptId),
    )[nth];
    return announced === undefined || announced.at > at;
  };
  return record.flatMap((entry) => {
    const { type, at } = entry;
    if (type === 'oldCardCaptured') {
      return isLate(null, ['captureIntent'], at) ? ['an old card was captured unannounced'] : [];
    }
    const to = INTENTS_OF[type];
    if (to === undefined || !('serial' in entry) || entry.serial === null) return [];
    const { serial } = entry;
    if (!journal.blanks.some((blank) => blank.serial === serial)) {
      // A blank that nobody loaded by the book may be fed, because nobody knew, and then only rejected.
      return ['blankFed', 'cardRejected'].includes(type) ? [] : [`${type} of a stray ${serial}`];
    }
    const attemptId = attemptOf.get(serial);
    if (attemptId === undefined) return [`${type} of ${entry.serial} belongs to no attempt`];
    return isLate(attemptId, to, at) ? [`${type} of ${entry.serial} was not announced`] : [];
  });
}

/** One original a request, and each card that somebody took was delivered. */
function originals(journal: JournalContent, record: readonly RecordEntry[]): string[] {
  const onBlanks = settledIn(journal).filter(({ blank }) => blank !== null);
  const taken = record.flatMap((entry) => (entry.type === 'cardTaken' ? [entry.serial] : []));
  const requests = taken.flatMap(
    (serial) => onBlanks.find(({ blank }) => blank?.serial === serial)?.requestId ?? [],
  );
  const twice = requests.filter((id, index) => requests.indexOf(id) !== index);
  const delivered = onBlanks.flatMap(({ outcome, blank }) =>
    outcome === 'delivered' && blank !== null ? [blank.serial] : [],
  );
  return [
    ...twice.map((id) => `two originals of ${id} are out`),
    ...taken.filter((serial) => !delivered.includes(serial)).map((s) => `${s} is out undelivered`),
    ...delivered.filter((serial) => !taken.includes(serial)).map((s) => `nobody took ${s}`),
  ];
}
