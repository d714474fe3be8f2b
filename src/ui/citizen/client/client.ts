import type { Choice } from '../../../rpc/citizen.ts';
import type { SessionView } from '../../../rpc/citizen-view.ts';

/** How a page reaches core, whatever carries the frames. */
export interface CitizenClient {
  /** Calls with each view as it comes, and with null while core is away. Returns what stops it. */
  onView(listener: (view: SessionView | null) => void): () => void;
  /** Answers the view of that id; core ignores a choice for an older one. */
  choose(viewId: number, choice: Choice): void;
  /** Says that the view was painted. */
  shown(viewId: number): void;
}
