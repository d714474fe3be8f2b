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
  readonly oldCard: 'none' | 'citizen' | 'machine' | 'bin' | 'desk';
  readonly crashesLeft: number;
}

export const none: CardCounters = {
  fed: 0,
  printedSides: 0,
  presented: 0,
  taken: 0,
  rejected: 0,
  retracted: 0,
};

/**
 * Worlds of the same key go on alike. Nothing but their names tells terminals apart, so of two worlds that
 * are each other's mirror one is walked.
 */
export function keyOf({ terminals, holder, ...world }: World): string {
  const keys = terminals.map((terminal, index) => {
    const name = `${index}-`;
    const holds = holder?.startsWith(name) === true ? holder.slice(name.length) : '';
    return `${ownKeyOf(terminal, name)};${holds}`;
  });
  const { registry, originals, oldCard, crashesLeft } = world;
  return `${registry},${originals},${oldCard},${crashesLeft}|${keys.sort().join('|')}`;
}

/** A step changes one terminal and leaves the other the object it was, at the place it had. */
const ownKeys = new WeakMap<Terminal, number>();

/** Short numbers for what terminals say of themselves: most worlds are made of parts already met. */
const numbers = new Map<string, number>();

function ownKeyOf(terminal: Terminal, name: string): number {
  const known = ownKeys.get(terminal);
  if (known !== undefined) return known;
  const words = wordsOf(terminal, name);
  const number = numbers.get(words) ?? numbers.size;
  numbers.set(words, number);
  ownKeys.set(terminal, number);
  return number;
}

/** Every field but what is in lists; `Record` makes one that is forgotten fail to compile. */
const told: Readonly<Record<Exclude<keyof Terminal, 'grown' | 'owed'>, true>> = {
  state: true,
  life: true,
  number: true,
  place: true,
  inked: true,
  jam: true,
  settled: true,
  blocked: true,
  slot: true,
  fell: true,
  fate: true,
  ledger: true,
};
const toldFields = Object.keys(told) as (keyof typeof told)[];
const counted = Object.keys(none) as (keyof CardCounters)[];

function wordsOf(terminal: Terminal, name: string): string {
  let words = '';
  for (const field of toldFields) words += `${terminal[field]},`;
  for (const counter of counted) words += `${terminal.grown[counter]},`;
  for (const message of terminal.owed) words += `${message.replace(` ${name}`, ' ')},`;
  return words;
}

export type Judges = typeof judge;

export interface Model {
  readonly profile: Profile;
  /** The printer feeds, prints and presents in one job, as it presents (`presentCard` of the contract). */
  readonly oneJob?: true;
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
