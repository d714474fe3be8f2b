import type { Clock } from '../base/clock.ts';
import type { Mode } from '../domain/document.ts';
import type { ListedRequest } from '../domain/request.ts';
import type { DeviceProxy } from '../devices/ports.ts';
import type { Issuance } from '../issuance/issuance.ts';
import type { JournalEvent } from '../journal/catalogue.ts';
import type { Claimant } from '../journal/vault/open-case.ts';
import type { Registry } from '../registry/ports.ts';

/** What a session needs of the terminal. A device that is not fitted is null. */
export interface SessionDeps {
  readonly terminal: { readonly terminalId: string; readonly mode: Mode };
  readonly clock: Clock;
  readonly registry: Registry;
  readonly issuance: Issuance;
  readonly cardReader: DeviceProxy<'cardReader'> | null;
  readonly oldCardSlot: DeviceProxy<'cardReader'> | null;
  readonly codeScanner: DeviceProxy<'codeScanner'> | null;
  /** Completes when the events are durable. */
  readonly record: (events: readonly JournalEvent[]) => Promise<void>;
  /** Seals who came for a request and whom it is about; returns the id of the case. */
  readonly openCase: (
    sessionId: string,
    request: ListedRequest,
    claimant: Claimant,
  ) => Promise<string>;
  /** Feedback and corrections go by the outbox, so that a slow registry holds nobody up. */
  readonly enqueue: (
    message:
      | { readonly kind: 'feedback'; readonly element: string; readonly score: number }
      | { readonly kind: 'correction'; readonly requestId: string },
    sessionId: string,
  ) => Promise<void>;
  /** The impossible happened in an effect: the process ends and recovery takes over. */
  readonly fatal: (cause: unknown) => void;
}
