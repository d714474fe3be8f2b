import net from 'node:net';
import { attachJsonLines } from '../../src/base/json-lines.ts';
import { coreToCitizenSchema, type Choice } from '../../src/rpc/citizen.ts';
import type { Screen, ScreenName, SessionView } from '../../src/rpc/citizen-view.ts';

/** A citizen without a screen: sees every view that core sends and answers as a person would. */
export class CitizenClient {
  readonly #socket: net.Socket;
  readonly #send: (frame: unknown) => void;
  readonly #waiting = new Set<(view: SessionView) => void>();
  readonly #closed = Promise.withResolvers<Error>();
  #view: SessionView | null = null;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    this.#send = attachJsonLines(socket, {
      onFrame: (frame) => {
        const { view } = coreToCitizenSchema.parse(frame);
        this.#view = view;
        for (const listener of [...this.#waiting]) listener(view);
      },
      onClose: () => this.#closed.resolve(new Error('core closed the connection')),
    });
  }

  static async connect(socketPath: string): Promise<CitizenClient> {
    const socket = net.connect(socketPath);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const client = new CitizenClient(socket);
    await client.until(() => true, 5_000);
    return client;
  }

  get view(): SessionView {
    if (this.#view === null) throw new Error('no view has arrived yet');
    return this.#view;
  }

  /** The first view, the present one included, for which `holds`; fails with what is shown instead, or when core goes away. */
  until(holds: (view: SessionView) => boolean, withinMs: number): Promise<SessionView> {
    if (this.#view !== null && holds(this.#view)) return Promise.resolve(this.#view);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(listener);
        reject(
          new Error(`after ${withinMs} ms the screen still shows ${JSON.stringify(this.#view)}`),
        );
      }, withinMs);
      const listener = (view: SessionView): void => {
        if (!holds(view)) return;
        clearTimeout(timer);
        this.#waiting.delete(listener);
        resolve(view);
      };
      this.#waiting.add(listener);
      void this.#closed.promise.then((cause) => {
        this.#waiting.delete(listener);
        clearTimeout(timer);
        reject(cause);
      });
    });
  }

  /** Waits for one of these screens and returns the view that shows it. */
  async screen<N extends ScreenName>(
    names: N | readonly N[],
    withinMs = 30_000,
  ): Promise<SessionView & { screen: Extract<Screen, { name: N }> }> {
    const wanted: readonly string[] = typeof names === 'string' ? [names] : names;
    const view = await this.until((one) => wanted.includes(one.screen.name), withinMs);
    return view as SessionView & { screen: Extract<Screen, { name: N }> };
  }

  /** Answers the view that is shown now. */
  choose(choice: Choice): void {
    this.#send({ type: 'choice', viewId: this.view.viewId, choice });
  }

  close(): void {
    this.#socket.destroy();
  }
}
