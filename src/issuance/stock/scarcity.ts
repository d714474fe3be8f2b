import { blankKindSchema, type BlankKind } from '../../domain/document.ts';
import type { ListedRequest, RequestReason } from '../../domain/request.ts';
import type { BlankStock } from '../blank-stock.ts';

/** What the office decided for a time of few blanks: below so many of a kind, only these are served. */
export interface ScarceRule {
  readonly blankKind: BlankKind;
  readonly below: number;
  readonly serve: readonly RequestReason[];
}

/** For each kind that is scarce now, the reasons that are still served; a kind not named serves all. */
export type ServedWhenScarce = Readonly<Partial<Record<BlankKind, readonly RequestReason[]>>>;

/** Of several rules for a kind, the one for the fewest blanks holds. */
export function servedWhenScarce(
  rules: readonly ScarceRule[],
  stock: Pick<BlankStock, 'remaining'>,
): ServedWhenScarce {
  const served: Partial<Record<BlankKind, readonly RequestReason[]>> = {};
  for (const kind of blankKindSchema.options) {
    const ofKind = rules.filter(({ blankKind }) => blankKind === kind);
    if (ofKind.length === 0) continue;
    const remaining = stock.remaining(kind);
    const [rule] = ofKind
      .filter(({ below }) => remaining < below)
      .sort((a, b) => a.below - b.below);
    if (rule !== undefined) served[kind] = rule.serve;
  }
  return served;
}

/** False where the blanks that this request needs are kept for others now. */
export const isServed = (
  { blankKind, reason }: Pick<ListedRequest, 'blankKind' | 'reason'>,
  served: ServedWhenScarce,
): boolean => blankKind === null || (served[blankKind]?.includes(reason) ?? true);
