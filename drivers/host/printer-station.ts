import type { Clock } from '../../src/base/clock.ts';
import { err, type Result } from '../../src/base/result.ts';
import type { CardChannel, ChannelError } from '../contract/card-channel.ts';
import type { ContactlessStation } from '../evolis-card-printer/driver.ts';
import type { PcscReaderPair } from '../pcsc-card-reader/reader-pair.ts';

/** pcscd looks at its slots every 400 ms; a blank that is not seen by then does not lie in the field. */
const ARRIVAL_MS = 2_000;

type Connection = CardChannel & { close(): Promise<void> };

/** What the station uses of a reader. */
export interface StationReader extends Pick<PcscReaderPair, 'events' | 'state' | 'start' | 'stop'> {
  openCard(): Promise<Result<Connection, ChannelError | { readonly kind: 'inUse' }>>;
}

/**
 * A PC/SC reader under the contactless station of a card printer. It connects to whatever blank lies there when the
 * first command for it comes, and lets go of it when the printer takes it away.
 */
export class PrinterStation implements ContactlessStation {
  readonly #reader: StationReader;
  readonly #clock: Clock;
  #connection: Connection | null = null;

  constructor(reader: StationReader, clock: Clock) {
    this.#reader = reader;
    this.#clock = clock;
    reader.events.on('changed', ({ card }) => {
      if (card !== 'present') this.#letGo();
    });
  }

  start(): Promise<void> {
    return this.#reader.start();
  }

  async stop(): Promise<void> {
    this.#letGo();
    await this.#reader.stop();
  }

  async transmit(apdu: Uint8Array): Promise<Result<Uint8Array, ChannelError>> {
    const opened = await this.#open();
    if (!opened.ok) return opened;
    const answer = await opened.value.transmit(apdu);
    if (!answer.ok) this.#letGo();
    return answer;
  }

  async #open(): Promise<Result<Connection, ChannelError>> {
    if (this.#connection !== null) return { ok: true, value: this.#connection };
    await this.#untilPresent();
    const opened = await this.#reader.openCard();
    if (opened.ok) {
      this.#connection = opened.value;
      return opened;
    }
    const { error } = opened;
    return err(error.kind === 'inUse' ? { kind: 'readerFailed', reason: 'inUse' } : error);
  }

  #untilPresent(): Promise<void> {
    if (this.#reader.state().card === 'present') return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        timer.cancel();
        end();
        resolve();
      };
      const end = this.#reader.events.on('changed', ({ card }) => {
        if (card === 'present') finish();
      });
      const timer = this.#clock.after(ARRIVAL_MS, finish);
    });
  }

  /** Nobody waits for it: whoever took the card away, or the daemon, has ended the connection already. */
  #letGo(): void {
    const connection = this.#connection;
    this.#connection = null;
    void connection?.close();
  }
}
