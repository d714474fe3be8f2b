import { SPOILED_LIMIT } from '../../../src/issuance/time-limits.ts';
import { recordLength, untilMoved } from '../../journey/support/physical-record.ts';
import { untilHostsAreGone } from '../process/points.ts';
import type { ScriptName, SessionEnd, Visitor, Way } from '../process/script.ts';
import type { World } from '../process/world.ts';
import type { Canary } from './canary.ts';
import { ofCard, ofVisit } from './visit.ts';

/** One citizen's visit: for what, known by what, and how it ends; `died`: core does, with a blank inside. */
export interface Visit {
  readonly script: ScriptName;
  readonly comes: Way;
  readonly end: 'delivered' | 'spoiled' | 'died';
}

/** The first core dies in it, so that all of the others are searched for in the core that is left. */
const FIRST: Visit = { script: 'ktpEl', comes: 'typed', end: 'died' };
const REST: readonly Visit[] = [
  { script: 'kia', comes: 'tapped', end: 'delivered' },
  { script: 'kia', comes: 'scanned', end: 'spoiled' },
  { script: 'replacement', comes: 'typed', end: 'delivered' },
  { script: 'kk', comes: 'tapped', end: 'delivered' },
  { script: 'ktpEl', comes: 'scanned', end: 'delivered' },
  { script: 'kia', comes: 'typed', end: 'delivered' },
  { script: 'kk', comes: 'typed', end: 'delivered' },
  { script: 'ktpEl', comes: 'typed', end: 'spoiled' },
];

/** So many visits, each kind of them after so many as there are. */
export const visitsOf = (count: number): readonly Visit[] =>
  Array.from({ length: count }, (_, index) => (index === 0 ? FIRST : nthOf(index - 1)));

function nthOf(index: number): Visit {
  const visit = REST[index % REST.length];
  if (visit === undefined) throw new Error('there are always some');
  return visit;
}

/** Plays one; what it left to search for, or an error where it ended otherwise. */
export async function play(world: World, visitor: Visitor, visit: Visit): Promise<Canary[]> {
  const approved = await visitor.apply();
  const end = await ways[visit.end](world, visitor, visit.comes);
  if (end !== visit.end) throw new Error(`${JSON.stringify(visit)} ended ${end}`);
  const canaries = await ofVisit(world, approved);
  return visit.comes === 'tapped' ? [...canaries, ofCard(visitor)] : canaries;
}

const ways: Readonly<
  Record<Visit['end'], (world: World, visitor: Visitor, comes: Way) => Promise<SessionEnd | 'died'>>
> = {
  delivered: (_world, visitor, comes) => visitor.session({ comes }),
  spoiled: async ({ panel }, visitor, comes) => {
    // As many blanks as one session may spoil.
    const strike = { step: 'print', fault: 'ribbonOut', when: 'before', times: SPOILED_LIMIT };
    await panel.post('/api/card-printer/fault', strike);
    const end = await visitor.session({ comes });
    await panel.post('/api/card-printer/replace-ribbon', {});
    return end;
  },
  died: async (world, visitor, comes) => {
    const before = await recordLength(world);
    // It never ends: core goes away under it.
    const session = visitor.session({ comes }).catch(() => null);
    await untilMoved(world, before, ['blankFed']);
    await world.killCore();
    await session;
    await untilHostsAreGone(world);
    await world.startCore();
    return 'died';
  },
};
