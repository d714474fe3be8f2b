import type { CommonStatus } from './words.ts';

export const ONLINE: CommonStatus = { state: 'online', reasons: [], requiredAction: 'none' };

/** A device that is fitted and cannot be reached, with the reason that was found. */
export const away = (reason: string): CommonStatus => ({
  state: 'powerOff',
  reasons: [reason],
  requiredAction: 'maintenance',
});

/** Tells the common status when it is not what was told last: each fruitless try to reach a device is no news. */
export class StatusTeller {
  readonly #emit: (status: CommonStatus) => void;
  #latest: CommonStatus = { state: 'starting', reasons: [], requiredAction: 'none' };

  constructor(emit: (status: CommonStatus) => void) {
    this.#emit = emit;
  }

  get latest(): CommonStatus {
    return this.#latest;
  }

  tell(status: CommonStatus): void {
    if (JSON.stringify(status) !== JSON.stringify(this.#latest)) this.tellAnew(status);
  }

  /** To somebody who has just come and heard nothing yet. */
  tellAnew(status: CommonStatus): void {
    this.#latest = status;
    this.#emit(status);
  }
}
