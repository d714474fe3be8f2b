import type { Clock } from '../../base/clock.ts';
import type { FamilyCard } from '../../domain/family-card.ts';
import type { PrintOrder } from '../../domain/print-order.ts';
import type { RegistryDatabase } from './database.ts';
import type { FaultSwitches } from './fault-switches.ts';
import type { RegistryPolicy } from './policy.ts';
import type { Macs } from './secrets.ts';

export interface SignedFamilyCard {
  readonly pdf: Uint8Array;
  readonly pages: number;
}

/** What the registry signs and draws; made once from the PKI folder. */
export interface Issuing {
  /** Compact JWS over the order. */
  signOrder(order: PrintOrder): Promise<string>;
  signFamilyCard(card: FamilyCard, at: Date): Promise<SignedFamilyCard>;
  /** JPEG of a drawing: the same subject gives the same bytes. */
  drawPhoto(subject: { readonly seed: string; readonly birthYear: number }): Uint8Array;
}

/** Everything one running reference registry works with. */
export interface RegistryContext {
  readonly db: RegistryDatabase;
  readonly clock: Clock;
  readonly macs: Macs;
  readonly policy: RegistryPolicy;
  readonly faults: FaultSwitches;
  readonly issuing: Issuing;
  /** Base of the verify page that QR codes point at. */
  readonly verifyBaseUrl: () => string;
}
