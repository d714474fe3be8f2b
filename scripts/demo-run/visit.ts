import type { SessionView } from '../../src/rpc/citizen-view.ts';
import type { CitizenClient } from '../stack/citizen-client.ts';
import type { Stack } from '../stack/stack.ts';

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
