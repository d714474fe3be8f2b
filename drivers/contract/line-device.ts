import { Mutex } from '../../src/base/mutex.ts';
import type { LineAnswer } from './line-words.ts';
import { StatusTeller } from './status-teller.ts';
import type { CommonStatus } from './words.ts';

export interface LineDeviceParts<R> {
  readonly run: (request: R) => Promise<LineAnswer>;
  readonly status: () => CommonStatus;
  readonly emit: (event: {
    readonly event: 'statusChanged';
    readonly payload: CommonStatus;
  }) => void;
}

/**
 * A simulated device's end of its line: one command at a time, and silence about every command during
 * which, or while it waited for which, the power went.
 */
export class LineDevice<R> {
  readonly #parts: LineDeviceParts<R>;
  readonly #oneAtATime = new Mutex();
  readonly #status: StatusTeller;
  /** Counts power cuts, so that a movement notices that its motor stopped. */
  #powerEpoch = 0;
  #commandEpoch = 0;

  constructor(parts: LineDeviceParts<R>) {
    this.#parts = parts;
    this.#status = new StatusTeller((payload) => parts.emit({ event: 'statusChanged', payload }));
  }

  handle(request: R): Promise<LineAnswer> {
    const epoch = this.#powerEpoch;
    return this.#oneAtATime.withLock(async () => {
      if (epoch !== this.#powerEpoch) return 'silent';
      this.#commandEpoch = epoch;
      const answer = await this.#parts.run(request);
      this.announce();
      return answer;
    });
  }

  /** The power went since the command at hand began: what it had in motion stopped where it was. */
  get lostPower(): boolean {
    return this.#commandEpoch !== this.#powerEpoch;
  }

  powerOff(): void {
    this.#powerEpoch += 1;
  }

  /** A host opened the device: it is told the status afresh. */
  hostCame(): void {
    this.#status.tellAnew(this.#parts.status());
  }

  /** Sends the common status if it is not what was last sent. */
  announce(): void {
    this.#status.tell(this.#parts.status());
  }
}
