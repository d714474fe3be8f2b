import type { CardCounters } from '../../drivers/contract/card-printer.ts';
import type { Profile } from '../../drivers/simulated-card-printer/profiles.ts';
import type { AttemptState } from '../../src/domain/attempt.ts';
import type { AttemptDetail } from '../../src/issuance/attempt-detail.ts';
import type { AttemptTable } from '../../src/issuance/attempt-rule.ts';
import type * as judge from '../../src/issuance/judge/judge-card.ts';
import type { judgeOldCard } from '../../src/issuance/judge/judge-old-card.ts';

/** Where the blank of the attempt at hand physically is. */
export type Place = 'feeder' | 'inside' | 'exit' | 'out' | 'rejected' | 'retracted';

export interface Terminal {
  /** As committed; null while no attempt is open. */
  readonly state: AttemptState | null;
  readonly life: 'running' | 'dead' | 'recovering';
  readonly number: number;
  readonly place: Place;
  readonly inked: boolean;
  readonly jam: boolean;
  /** Counters since the last announcement that noted them. */
  readonly grown: CardCounters;
  readonly settled: boolean;
  readonly blocked: boolean;
  readonly owed: readonly string[];
  /** The motorised reader holds the old card. */
  readonly slot: boolean;
  /** The old card fell since the bin's count was noted. */
  readonly fell: boolean;
  /** What the attempt has on record of the old card. */
  readonly fate: OldCardFate;
  /** The ledger has the old card in the bin. */
  readonly ledger: boolean;
}

export type OldCardFate = AttemptDetail['oldCardFate'];

export interface World {
  readonly terminals: readonly Terminal[];
  readonly registry: 'ready' | 'held' | 'done' | 'review';
  readonly holder: string | null;
  readonly originals: number;
  /** Where the old card physically is; `none` where the order asks for none. */
  readonly oldCard: 'none' | 'citizen' | 'machine' | 'bin';
  readonly crashesLeft: number;
}

/**
 * Worlds of the same key go on alike. Nothing but their names tells terminals apart, so of two worlds that
 * are each other's mirror one is walked.
 */
export function keyOf({ terminals, holder, ...rest }: World): string {
  const keys = terminals.map((terminal, index) => {
    const name = `${index}-`;
    const holds = holder?.startsWith(name) === true ? holder.slice(name.length) : '';
    return `${ownKeyOf(terminal, name)};${holds}`;
  });
  return `${Object.values(rest).join()}|${keys.sort().join('|')}`;
}

/** A step changes one terminal and leaves the other the object it was, at the place it had. */
const ownKeys = new WeakMap<Terminal, string>();

function ownKeyOf(terminal: Terminal, name: string): string {
  const known = ownKeys.get(terminal);
  if (known !== undefined) return known;
  const { grown, owed, ...own } = terminal;
  const owes = owed.join().replaceAll(` ${name}`, ' ');
  const key = `${Object.values(own).join()};${Object.values(grown).join()};${owes}`;
  ownKeys.set(terminal, key);
  return key;
}

export type Judges = typeof judge;

export interface Model {
  readonly profile: Profile;
  readonly terminals: number;
  readonly crashes: number;
  readonly attempts: number;
  readonly table?: AttemptTable;
  readonly judges?: Judges;
  /** The order asks for the old card, and the capture bin counts what falls into it or does not. */
  readonly oldCard?: 'counted' | 'uncounted';
  readonly judgeOldCard?: typeof judgeOldCard;
  /** States whose commit is left out: they are gone after a crash. */
  readonly forgotten?: ReadonlySet<AttemptState>;
}

export const none: CardCounters = {
  fed: 0,
  printedSides: 0,
  presented: 0,
  taken: 0,
  rejected: 0,
  retracted: 0,
};
