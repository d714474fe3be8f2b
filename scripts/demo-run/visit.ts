import { z } from 'zod';
import type { SessionView } from '../../src/rpc/citizen-view.ts';
import type { CitizenClient } from '../stack/citizen-client.ts';
import type { Stack } from '../stack/stack.ts';

const move = z
  .object({ seq: z.number(), type: z.string(), serial: z.string().optional() })
  .nullable();

/** What a finished visit came to, as the citizen and the cabinet saw it. */
export interface VisitResult {
  readonly view: SessionView;
  readonly seconds: number;
}

const state = z.object({ recordLength: z.number() });

/** One citizen at the terminal: sees the screen, has hands at the cabinet, tells what happens. */
export class Visit {
  readonly #stack: Stack;
  readonly client: CitizenClient;
  readonly #say: (line: string) => void;
  readonly #began = performance.now();

  constructor(stack: Stack, client: CitizenClient, say: (line: string) => void) {
    this.#stack = stack;
    this.client = client;
    this.#say = say;
  }

  say(line: string): void {
    this.#say(line);
  }

  async recordLength(): Promise<number> {
    return (await this.#stack.panel.get('/api/state', state)).recordLength;
  }

  /** Waits until the cabinet has physically done one of these, after entry `after` of its record. */
  async until(types: readonly string[], after: number, withinMs = 60_000): Promise<number> {
    const query = new URLSearchParams({
      after: String(after),
      type: types.join(','),
      timeoutMs: String(withinMs),
    });
    const path = `/api/record/next?${query.toString()}`;
    const { entry } = await this.#stack.panel.get(path, z.object({ entry: move }));
    if (entry === null) throw new Error(`the cabinet did none of: ${types.join(', ')}`);
    return entry.seq;
  }

  /** Presses "print" on the confirmation and follows the screen to the end of the print. */
  async confirmAndTake(): Promise<SessionView> {
    const { client } = this;
    await client.screen('confirm');
    client.choose({ kind: 'confirmPrint' });
    const view = await client.screen(['takeCard', 'takePaper', 'result'], 120_000);
    if (view.screen.name === 'takeCard') {
      this.say('the card is at the exit: the citizen takes it');
      await this.#stack.panel.post('/api/exit/take', {});
    }
    if (view.screen.name === 'takePaper') {
      this.say('the sheets are out: the citizen takes them');
      await this.#stack.panel.post('/api/paper/take', {});
      client.choose({ kind: 'paperTaken' });
    }
    return client.screen('result', 60_000);
  }

  /** Answers the survey and leaves; completes when the terminal welcomes the next citizen. */
  async leave(cardOnReader: boolean): Promise<number> {
    const { client } = this;
    client.choose({ kind: 'finish' });
    await client.screen('satisfaction');
    client.choose({ kind: 'rate', score: 4 });
    if (cardOnReader) {
      await client.screen('takeYourCard');
      await this.#stack.panel.post('/api/untap', {});
    }
    await client.screen('goodbye');
    client.choose({ kind: 'finish' });
    await client.screen('welcome');
    return (performance.now() - this.#began) / 1000;
  }
}
