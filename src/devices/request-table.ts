import type { Completion } from '../../drivers/contract/completion.ts';
import type { ToHost } from '../../drivers/contract/wire.ts';

/** What a host acknowledges and completes. */
export type DeviceRequest = Extract<ToHost, { type: 'command' | 'lend' }>;

export type HostAnswer =
  | { readonly kind: 'completion'; readonly completion: Completion }
  /** The host ended first. Whether the command was carried out is unknown. */
  | { readonly kind: 'hostGone' };

interface Pending {
  readonly onAnswer: (answer: HostAnswer) => void;
  acknowledged: boolean;
  overdue: boolean;
}

/** Commands sent to one host and not yet answered. Each is answered exactly once. */
export class RequestTable {
  readonly #pending = new Map<string, Pending>();

  /** True when every command under way is one that core has given up on. */
  get nobodyWaits(): boolean {
    return [...this.#pending.values()].every((request) => request.overdue);
  }

  /** True when every command that was sent has been answered. */
  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  add(request: DeviceRequest, onAnswer: (answer: HostAnswer) => void): void {
    this.#pending.set(request.requestId, { onAnswer, acknowledged: false, overdue: false });
  }

  markOverdue(requestId: string): void {
    const pending = this.#pending.get(requestId);
    if (pending !== undefined) pending.overdue = true;
  }

  /** False where no such command awaits its acknowledgement. */
  acknowledge(requestId: string): boolean {
    const pending = this.#pending.get(requestId);
    if (pending === undefined || pending.acknowledged) return false;
    pending.acknowledged = true;
    return true;
  }

  /** False where no such command was acknowledged before. */
  complete(requestId: string, completion: Completion): boolean {
    const pending = this.#pending.get(requestId);
    if (pending?.acknowledged !== true) return false;
    this.#pending.delete(requestId);
    pending.onAnswer({ kind: 'completion', completion });
    return true;
  }

  hostGone(): void {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of all) pending.onAnswer({ kind: 'hostGone' });
  }
}
