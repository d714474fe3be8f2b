import { err, ok } from '../../src/base/result.ts';
import { graveActSchema, type GraveAct } from '../../src/domain/grave-act.ts';
import type { Deed, Deeds } from '../../src/staff/grave-acts.ts';

const range = {
  batch: 'B-1',
  blankKind: 'ktpEl',
  feeder: 'ktp',
  firstSerial: 'KTP-0001',
} as const;

/** Every act loads blanks, so that what is done shows in the ledger; or none can be done, for that reason. */
export function loadingDeeds(refusal: () => string | null): Deeds {
  const deed: Deed<GraveAct> = (act, { by }) => {
    const reason = refusal();
    if (reason !== null) return err({ kind: 'notPossible', reason });
    const count = act.action === 'loadStock' ? act.count : 1;
    return ok({ events: [{ kind: 'blank.loaded', ...range, count, by: [...by] }] });
  };
  const names = graveActSchema.options.map(({ shape }) => [shape.action.value, deed] as const);
  return Object.fromEntries(names) as unknown as Deeds;
}
