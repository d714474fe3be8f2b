import { assertNever } from '../../base/assert.ts';
import type { Screen } from '../../rpc/citizen-view.ts';

/** The visit in four words. */
export const stages = ['identity', 'choose', 'print', 'done'] as const;
export type Stage = (typeof stages)[number];

/** Where in the visit a screen stands; null outside a visit, `over` when nothing is left to do. */
export function stageOf(screen: Screen): Stage | 'over' | null {
  switch (screen.name) {
    case 'outOfService':
    case 'welcome':
    case 'satisfaction':
    case 'takeYourCard':
    case 'goodbye':
      return null;
    case 'presentCard':
    case 'readingCard':
    case 'presentCode':
    case 'enterNik':
    case 'enterPin':
    case 'verifying':
      return 'identity';
    case 'enterPrintCode':
      return screen.documentKind === null ? 'identity' : 'choose';
    case 'chooseDocument':
    case 'confirm':
      return 'choose';
    case 'surrenderCard':
    case 'waitForOldCard':
    case 'printing':
    case 'placeFinger':
    case 'takeCard':
    case 'takePaper':
      return 'print';
    case 'result':
      return screen.outcome === 'delivered' ? 'over' : 'print';
    default:
      return assertNever(screen);
  }
}
