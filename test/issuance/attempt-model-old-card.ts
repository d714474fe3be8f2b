import type { Cause } from '../../src/issuance/attempt-rule.ts';
import { judgeOldCard, type OldCardScene } from '../../src/issuance/judge/judge-old-card.ts';
import type { Model, OldCardFate, Terminal, World } from './attempt-model-world.ts';

/** What the old card adds to the worlds: it is pushed in, falls or is given back, and is known of or not. */

/** How an attempt may begin: with the old card in the reader, or on record as fallen, or without it. */
export function beginnings(
  world: World,
  terminal: Terminal,
): readonly (readonly [Partial<Terminal>, Partial<World>])[] {
  const kept = { ledger: terminal.ledger, slot: terminal.slot };
  if (world.oldCard === 'none') return [[{ fate: 'notConcerned' }, {}]];
  if (terminal.ledger) return [[{ ...kept, fate: 'captured' }, {}]];
  const without = [{ ...kept, fate: 'kept' }, {}] as const;
  return world.oldCard === 'citizen'
    ? [without, [{ slot: true, fate: 'held' }, { oldCard: 'machine' }]]
    : [without];
}

/** What becomes, once no attempt is open, of an old card that the reader still holds. */
export function leavings({
  life,
  slot,
}: Terminal): readonly (readonly [Partial<Terminal>, Partial<World>])[] {
  if (!slot) return [[{}, {}]];
  // A start lets it fall, for the desk to give back; a session gives it back, which may fail.
  return life === 'running'
    ? [
        [{}, {}],
        [{ slot: false }, { oldCard: 'citizen' }],
      ]
    : [[{ slot: false }, { oldCard: 'bin' }]];
}

/** `captureCard`: it falls or not, and is heard of and seen or not. */
export function falls(
  terminal: Terminal,
  model: Model,
): readonly {
  readonly changes: Partial<Terminal>;
  readonly rest: Partial<World>;
  readonly learnt: Partial<Terminal>;
  readonly cause: Cause;
}[] {
  const fallen = [{ slot: false, fell: true }, { oldCard: 'bin' }] as const;
  const ends = [
    [{}, {}, false],
    ...(terminal.slot
      ? ([
          [...fallen, true],
          [...fallen, false],
        ] as const)
      : []),
  ] as const;
  return ends.flatMap(([changes, rest, answered]) =>
    fatesOf({ ...terminal, ...changes }, model, answered).map((fate) => ({
      changes,
      rest,
      learnt: learning(fate),
      cause: fate === 'captured' ? 'done' : 'unfit',
    })),
  );
}

/** What recovery may come to know of a fall that nobody recorded. */
export const afterwards = (terminal: Terminal, model: Model): readonly Terminal[] =>
  fatesOf(terminal, model, false).map((fate) => ({ ...terminal, ...learning(fate) }));

/** The row of the ledger is committed with what the attempt says. */
const learning = (fate: OldCardFate): Partial<Terminal> =>
  fate === 'captured' ? { fate, ledger: true } : { fate };

/** By a slot that answers, and by one that does not. */
function fatesOf(
  { slot, fell }: Terminal,
  model: Model,
  answered: boolean,
): readonly ReturnType<typeof judgeOldCard>[] {
  const judge = model.judgeOldCard ?? judgeOldCard;
  const counts = model.oldCard === 'counted';
  const seen: OldCardScene['status'] = {
    card: slot ? 'held' : 'notPresent',
    capturedCount: counts ? Number(fell) : null,
  };
  return [seen, null].map((status) =>
    judge({ answered, capturedBefore: counts ? 0 : null, status }),
  );
}
