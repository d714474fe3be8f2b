import { err, ok, type Result } from '../../src/base/result.ts';
import type { CommandFailure } from '../contract/command.ts';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from './geometry.ts';
import type { LinkFault, PrinterLink } from './link.ts';
import type { EvolisOptions } from './options.ts';
import { blackPlane, colourPlanes } from './planes.ts';
import {
  command,
  countOf,
  download,
  saysCardInside,
  saysRibbonGood,
  type PortStatus,
} from './protocol.ts';

type Failure<E extends string> = CommandFailure<E>;
/** What any question may come to, and nothing moved by it. */
type AskFailure = Failure<never>;

type Side = 'front' | 'back';
const RGB_BYTES = PICTURE_WIDTH * PICTURE_HEIGHT * 3;
/** Panels of a front; the last is printed when the next thing is asked of the printer. */
const DYES = ['y', 'm', 'c'] as const;

const failureOf = (fault: LinkFault): AskFailure => {
  if (fault === 'gone') return { kind: 'deviceGone' };
  if (fault === 'late') return { kind: 'noAnswer' };
  return { kind: 'hardwareError', reason: fault };
};

const refused = <E extends string>(errorCode: E): Result<never, Failure<E>> =>
  err({ kind: 'commandError', errorCode });
const broken = (reason: string): Result<never, AskFailure> =>
  err({ kind: 'hardwareError', reason });

/**
 * What moves a card, one at a time: each is preceded by a look for the card and by a count, followed by the
 * same, and called done only where the counts grew as they should. The printer itself acknowledges nothing.
 */
export class Movements {
  readonly #link: PrinterLink;
  readonly #options: EvolisOptions;
  readonly #usesStation: boolean;
  /** What was printed of the card inside: the sides of one job come in order, and none twice. */
  #printed: Side | null = null;

  constructor(link: PrinterLink, options: EvolisOptions, usesStation: boolean) {
    this.#link = link;
    this.#options = options;
    this.#usesStation = usesStation;
  }

  async isCardInside(): Promise<Result<boolean, AskFailure>> {
    const reply = await this.#link.ask('Rlr', ['p']);
    if (!reply.ok) return err(failureOf(reply.error));
    const inside = saysCardInside(reply.value);
    return inside === null ? broken('garbled') : ok(inside);
  }

  async feed(
    input: 1 | 2,
  ): Promise<Result<void, Failure<'feederEmpty' | 'mediaJammed' | 'mediaPresent'>>> {
    const inside = await this.isCardInside();
    if (!inside.ok) return inside;
    if (inside.value) return refused('mediaPresent');
    const clear = await this.#portStatus();
    if (!clear.ok) return clear;
    if (clear.value.fault) return err({ kind: 'notReady', reason: 'mechanicalFault' });
    const before = await this.#count('c');
    if (!before.ok) return before;
    this.#printed = null;
    // Without an input the printer would take from either feeder; with B it feeds onto no card.
    const sent = await this.#send([
      command('Piem', input, 0),
      command('Pmi', 'B'),
      command(this.#usesStation ? 'Sic' : 'Si'),
    ]);
    if (!sent.ok) return sent;
    const after = await this.#count('c', this.#options.movementMs);
    if (!after.ok) return after;
    const port = await this.#portStatus();
    if (!port.ok) return port;
    if (port.value.fault) return refused('mediaJammed');
    const arrived = await this.isCardInside();
    if (!arrived.ok) return arrived;
    const fed = after.value - before.value;
    if (fed === 1 && arrived.value) return ok(undefined);
    if (fed === 0 && !arrived.value && port.value.outOfMedia) return refused('feederEmpty');
    return broken(`countersDisagree.fed${fed}`);
  }

  async print(
    side: Side,
    rgb: Uint8Array,
  ): Promise<Result<void, Failure<'noMedia' | 'mediaJammed' | 'ribbonOut'>>> {
    if (rgb.length !== RGB_BYTES)
      return err({ kind: 'invalidData', reason: 'size of the picture' });
    if (this.#printed !== (side === 'front' ? null : 'front')) {
      return err({ kind: 'invalidData', reason: `${side} after ${this.#printed ?? 'nothing'}` });
    }
    const inside = await this.isCardInside();
    if (!inside.ok) return inside;
    if (!inside.value) return refused('noMedia');
    const ribbon = await this.#link.ask('Rcr', []);
    if (!ribbon.ok) return err(failureOf(ribbon.error));
    if (!saysRibbonGood(ribbon.value)) return refused('ribbonOut');
    const before = await this.#count('p');
    if (!before.ok) return before;
    // From here on the card is marked, whatever comes of it.
    this.#printed = side;
    const { commands, printed } = side === 'front' ? this.#front(rgb) : this.#back(rgb);
    const sent = await this.#sendSide(commands);
    if (!sent.ok) return sent;
    const after = await this.#count('p', this.#options.movementMs * printed);
    if (!after.ok) return after;
    const port = await this.#portStatus();
    if (!port.ok) return port;
    if (port.value.fault) return refused('mediaJammed');
    if (port.value.outOfMedia) return refused('ribbonOut');
    const panels = after.value - before.value;
    return panels >= printed ? ok(undefined) : broken(`countersDisagree.panels${panels}`);
  }

  /** Ends the job, which prints its last panel, and lets the card out. */
  async eject(): Promise<Result<void, Failure<'noMedia' | 'mediaJammed'>>> {
    return this.#leave('Se');
  }

  async reject(): Promise<Result<void, Failure<'noMedia' | 'mediaJammed'>>> {
    return this.#leave('Ser');
  }

  async #leave(way: 'Se' | 'Ser'): Promise<Result<void, Failure<'noMedia' | 'mediaJammed'>>> {
    const inside = await this.isCardInside();
    if (!inside.ok) return inside;
    if (!inside.value) return refused('noMedia');
    const sent = await this.#send([command(way)]);
    if (!sent.ok) return sent;
    // A question that is answered once the printer is through with what was before it.
    const done = await this.#count('c', this.#options.movementMs);
    if (!done.ok) return done;
    const port = await this.#portStatus();
    if (!port.ok) return port;
    if (port.value.fault) return refused('mediaJammed');
    const left = await this.isCardInside();
    if (!left.ok) return left;
    if (left.value) return broken(port.value.outOfMedia ? 'ribbonEnded' : 'cardStillInside');
    this.#printed = null;
    return ok(undefined);
  }

  #front(rgb: Uint8Array): { readonly commands: Uint8Array[]; readonly printed: number } {
    const planes = colourPlanes(rgb);
    return {
      commands: [
        command('Pr', this.#options.ribbon),
        // Varnish over the whole card; it must stand in the memory before the job begins.
        command('Wcb', 'o', 255),
        command('Ss'),
        command('Sr'),
        ...DYES.map((dye) => download(dye, 32, planes[dye])),
        download('k', 2, planes.k),
      ],
      printed: DYES.length,
    };
  }

  /** The turn prints what of the front still waited: its resin and the varnish. */
  #back(rgb: Uint8Array): { readonly commands: Uint8Array[]; readonly printed: number } {
    return { commands: [command('Sv'), download('k', 2, blackPlane(rgb))], printed: 1 };
  }

  async #send(parts: readonly Uint8Array[]): Promise<Result<void, AskFailure>> {
    for (const part of parts) {
      const sent = await this.#link.send(part, this.#options.movementMs);
      if (!sent.ok) return err(failureOf(sent.error));
    }
    return ok(undefined);
  }

  /** Stops where the printer came to stand in a fault: what would follow belongs to a side that is lost. */
  async #sendSide(parts: readonly Uint8Array[]): Promise<Result<void, AskFailure>> {
    for (const part of parts) {
      const sent = await this.#send([part]);
      if (!sent.ok) return sent;
      const port = await this.#portStatus();
      if (!port.ok) return port;
      if (port.value.fault || port.value.outOfMedia) return ok(undefined);
    }
    return ok(undefined);
  }

  /** `Rco`: c cards inserted, p panels printed. */
  async #count(what: 'c' | 'p', withinMs?: number): Promise<Result<number, AskFailure>> {
    const reply = await this.#link.ask('Rco', [what], withinMs);
    if (!reply.ok) return err(failureOf(reply.error));
    const count = countOf(reply.value);
    return count === null ? broken('garbled') : ok(count);
  }

  async #portStatus(): Promise<Result<PortStatus, AskFailure>> {
    const status = await this.#link.portStatus();
    return status.ok ? status : err(failureOf(status.error));
  }
}
