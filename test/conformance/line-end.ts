import type { OpenDevice } from '../../drivers/contract/kept-open.ts';
import type { LineHandlers } from '../../drivers/serial-line/serial-line.ts';
import { ok, type Result } from '../../src/base/result.ts';

/**
 * Stands between a driver and its line, and tells when the line came to its end: let go of by the driver, or lost, and
 * the driver told of that. Until then a driver that was stopped may still have something to say.
 */
export class LineEnd {
  #ended: Promise<void> = Promise.resolve();

  /** Completes when the line that was opened last has ended. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  async watch<L extends OpenDevice, E>(
    handlers: LineHandlers,
    open: (handlers: LineHandlers) => Promise<Result<L, E>>,
  ): Promise<Result<L, E>> {
    const end = Promise.withResolvers<undefined>();
    const onGone = (): void => {
      handlers.onGone();
      end.resolve(undefined);
    };
    const opened = await open({ ...handlers, onGone });
    if (!opened.ok) return opened;
    this.#ended = end.promise;
    const line = opened.value;
    const close = async (): Promise<void> => {
      await line.close();
      end.resolve(undefined);
    };
    return ok({ ...line, close });
  }
}
