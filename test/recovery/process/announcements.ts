import * as z from 'zod';

/** One row of a journal, as far as it says anything of movements. */
export interface JournalEventRow {
  readonly seq: number;
  readonly event: { readonly kind: string };
}

/** A movement as a frame to a device host or a row of the journal names it; `sessionId` null between sessions. */
export interface Movement {
  readonly device: string;
  readonly command: string;
  readonly sessionId: string | null;
}

/** An announcement that stands: whoever made it said nothing since, so the command may be on its way. */
export interface Announcement extends Movement {
  readonly seq: number;
}

const command = z.object({ device: z.string(), command: z.string() });
const attemptRow = z.looseObject({
  attemptId: z.string(),
  sessionId: z.string().optional(),
  command: command.optional(),
});
const slotRow = z.looseObject({
  commandId: z.string().nullable(),
  sessionId: z.string(),
  device: z.string(),
});
const atStartRow = z.looseObject({ device: z.string() });
const testCardRow = z.looseObject({
  testCardId: z.string(),
  device: z.string().optional(),
  command: z.string().optional(),
});

/** The command that a state of an attempt announces; the only place that knows how it is written. */
export const attemptCommandOf = (event: { readonly kind: string }): string | undefined =>
  event.kind === 'attempt.stateEntered' ? attemptRow.parse(event).command?.command : undefined;

/** Whom a row is of, and the movement that it announces, if any. */
interface Word {
  readonly owner: string;
  readonly says: Movement | null;
}

const SLOT_COMMANDS: Readonly<Record<string, string>> = {
  'oldCard.acceptCommanded': 'acceptCard',
  'oldCard.returnCommanded': 'returnCard',
};

/** The newest announcement of each attempt, slot command, start and test card that has not said anything after it. */
export function standingIn(rows: Iterable<JournalEventRow>): readonly Announcement[] {
  const standing = new Map<string, Announcement>();
  const sessions = new Map<string, string>();
  for (const { seq, event } of rows) {
    const word = wordOf(event, sessions);
    if (word === null) continue;
    const { owner, says } = word;
    if (says === null) standing.delete(owner);
    else standing.set(owner, { seq, ...says });
  }
  return [...standing.values()];
}

function wordOf(event: { readonly kind: string }, sessions: Map<string, string>): Word | null {
  switch (event.kind) {
    case 'attempt.stateEntered':
    case 'attempt.settled': {
      const { attemptId: owner, sessionId, command: given } = attemptRow.parse(event);
      // It is said where the attempt begins.
      if (sessionId !== undefined) sessions.set(owner, sessionId);
      return {
        owner,
        says: given === undefined ? null : { ...given, sessionId: sessions.get(owner) ?? null },
      };
    }
    case 'oldCard.acceptCommanded':
    case 'oldCard.returnCommanded':
    case 'oldCard.held':
    case 'oldCard.notAccepted':
    case 'oldCard.returned':
    case 'oldCard.notReturned': {
      const { commandId, sessionId, device } = slotRow.parse(event);
      const given = SLOT_COMMANDS[event.kind];
      return {
        owner: commandId ?? 'no command',
        says: given === undefined ? null : { device, command: given, sessionId },
      };
    }
    case 'oldCard.foundAtStart':
    case 'oldCard.keptForDesk': {
      const { device } = atStartRow.parse(event);
      const found = event.kind === 'oldCard.foundAtStart';
      return {
        owner: `start, ${device}`,
        says: found ? { device, command: 'captureCard', sessionId: null } : null,
      };
    }
    case 'testCard.commanded':
    case 'testCard.answered':
    case 'testCard.settled': {
      const { testCardId: owner, ...given } = testCardRow.parse(event);
      const says = event.kind === 'testCard.commanded' ? command.parse(given) : null;
      return { owner, says: says === null ? null : { ...says, sessionId: null } };
    }
    default:
      return null;
  }
}

/** Announcements, each of which covers one command. */
export class Announcements {
  readonly #spent: Set<number>;

  /** Whatever was announced before core began is spent: a new life announces what it does. */
  constructor(before: Iterable<JournalEventRow>) {
    this.#spent = new Set([...before].map(({ seq }) => seq));
  }

  /** Whether a command about to be given follows an announcement of its own among these rows, which is spent then. */
  cover(rows: Iterable<JournalEventRow>, given: Movement): boolean {
    const own = standingIn(rows).find(
      ({ seq, device, command: name, sessionId }) =>
        !this.#spent.has(seq) &&
        device === given.device &&
        name === given.command &&
        // After a restart core gives commands for attempts of sessions that are over.
        (given.sessionId === null || sessionId === given.sessionId),
    );
    if (own === undefined) return false;
    this.#spent.add(own.seq);
    return true;
  }
}
