import type { CitizenClient } from '../../../scripts/stack/citizen-client.ts';
import { tapCard, type Approved, type Resident } from '../../../scripts/stack/resident.ts';
import type { Stack } from '../../../scripts/stack/stack.ts';
import type { Choice } from '../../../src/rpc/citizen.ts';
import type {
  CitizenProblem,
  Screen,
  ScreenName,
  SessionView,
} from '../../../src/rpc/citizen-view.ts';

/** The machine of a loaded test run is slow; what never comes fails all the same. */
export const PATIENCE_MS = 60_000;
export const PRINT_MS = 150_000;

type ViewOf<N extends ScreenName> = SessionView & { readonly screen: Extract<Screen, { name: N }> };

/** A person before the terminal: reads the screen, presses, holds cards and codes before it. */
export class Citizen {
  readonly #stack: Pick<Stack, 'panel'>;
  readonly client: CitizenClient;

  constructor(stack: Pick<Stack, 'panel'>, client: CitizenClient) {
    this.#stack = stack;
    this.client = client;
  }

  see<N extends ScreenName>(names: N | readonly N[], withinMs = PATIENCE_MS): Promise<ViewOf<N>> {
    return this.client.screen(names, withinMs);
  }

  /** Completes with the view that tells this problem. */
  told(code: CitizenProblem, withinMs = PATIENCE_MS): Promise<SessionView> {
    return this.client.until((view) => view.problem?.code === code, withinMs);
  }

  /** Presses, and again where the screen changed under the finger; completes with the screen it leads to. */
  async press<N extends ScreenName>(
    choice: Choice,
    leadsTo: N | readonly N[],
    withinMs = PATIENCE_MS,
  ): Promise<ViewOf<N>> {
    const wanted: readonly string[] = typeof leadsTo === 'string' ? [leadsTo] : leadsTo;
    const pressedOn = this.client.view.viewId;
    let shown = -1;
    this.client.choose(choice);
    const view = await this.client.until((one) => {
      if (one.viewId > pressedOn && wanted.includes(one.screen.name)) return true;
      // Core shows a view a second time where a press was meant for an older one.
      if (one.viewId === shown) this.client.choose(choice);
      shown = one.viewId;
      return false;
    }, withinMs);
    return view as ViewOf<N>;
  }

  async scan(payload: string): Promise<void> {
    await this.#stack.panel.post('/api/scan', { payload });
  }

  async tap(card: Resident, faults: Parameters<typeof tapCard>[2] = null): Promise<void> {
    await tapCard(this.#stack, card, faults);
  }

  async untap(): Promise<void> {
    await this.#stack.panel.post('/api/untap', {});
  }

  /** By code and print code to the confirmation of the only document behind the code. */
  async comeByCode({ collectionCode, printCode }: Approved): Promise<ViewOf<'confirm'>> {
    await this.see('welcome');
    await this.scan(collectionCode);
    await this.see('enterPrintCode');
    return this.press({ kind: 'submitPrintCode', printCode }, 'confirm');
  }

  async typeNik(nik: string): Promise<ViewOf<'enterNik' | 'enterPin'>> {
    await this.see('welcome');
    await this.press({ kind: 'startWay', way: 'nik' }, 'enterNik');
    return this.press({ kind: 'submitNik', nik }, ['enterNik', 'enterPin']);
  }

  typePin(
    pin: string,
  ): Promise<ViewOf<'chooseDocument' | 'enterPin' | 'goodbye' | 'takeYourCard'>> {
    const next = ['chooseDocument', 'enterPin', 'goodbye', 'takeYourCard'] as const;
    return this.press({ kind: 'submitPin', pin }, next);
  }

  /** By typed NIK and PIN to the list. */
  async comeByNik(nik: string, pin: string): Promise<ViewOf<'chooseDocument'>> {
    await this.typeNik(nik);
    await this.typePin(pin);
    return this.see('chooseDocument');
  }

  /** By tapped card and PIN to the list. */
  async comeByCard(card: Resident, pin: string): Promise<ViewOf<'chooseDocument'>> {
    await this.see('welcome');
    await this.tap(card);
    await this.see('enterPin');
    await this.typePin(pin);
    return this.see('chooseDocument');
  }

  choose(requestId: string): Promise<ViewOf<'confirm'>> {
    return this.press({ kind: 'chooseDocument', requestId }, 'confirm');
  }

  /** From the confirmation to the result, taking whatever comes out. */
  async print(): Promise<ViewOf<'result'>> {
    await this.press({ kind: 'confirmPrint' }, ['printing', 'surrenderCard', 'takeCard', 'result']);
    return this.take();
  }

  /** From wherever the print stands to the result, taking whatever comes out. */
  async take(): Promise<ViewOf<'result'>> {
    const { screen } = await this.see(['takeCard', 'takePaper', 'result'], PRINT_MS);
    if (screen.name === 'takeCard') await this.#stack.panel.post('/api/exit/take', {});
    if (screen.name === 'takePaper') {
      await this.#stack.panel.post('/api/paper/take', {});
      await this.press({ kind: 'paperTaken' }, 'result');
    }
    return this.see('result');
  }

  /** Leaves from any screen; completes when the next citizen is welcome. */
  async leave(): Promise<void> {
    for (;;) {
      const { screen } = await this.client.until(
        (view) => view.canCancel || LEAVABLE.has(view.screen.name),
        PRINT_MS,
      );
      const { name } = screen;
      if (name === 'welcome') return;
      if (name === 'result') await this.press({ kind: 'finish' }, 'satisfaction');
      else if (name === 'satisfaction') {
        await this.press({ kind: 'skipRating' }, ['takeYourCard', 'goodbye']);
      } else if (name === 'takeYourCard') {
        await this.untap();
        await this.see('goodbye');
      } else if (name === 'goodbye') {
        await this.press({ kind: 'finish' }, ['welcome', 'outOfService']);
        await this.see('welcome');
      } else await this.press({ kind: 'cancel' }, ['takeYourCard', 'goodbye']);
    }
  }
}

const LEAVABLE: ReadonlySet<ScreenName> = new Set([
  'welcome',
  'result',
  'satisfaction',
  'takeYourCard',
  'goodbye',
]);
