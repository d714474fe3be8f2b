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
  feedersOf,
  saysCardInside,
  saysRibbonGood,
  type PortStatus,
} from './protocol.ts';

type Failure<E extends string> = CommandFailure<E>;
/** What any question may come to. */
type AskFailure = Failure<never>;

type Side = 'front' | 'back';
/** What of the card inside is printed; `unknown` of one that was there before us. */
type Printed = Side | 'nothing' | 'unknown';

const RGB_BYTES = PICTURE_WIDTH * PICTURE_HEIGHT * 3;
const DYES = ['y', 'm', 'c'] as const;

/** How much of a command's time is ours; the rest is for the answer to reach core. */
const PATIENCE = 0.9;
/** As the class of card printers has them. */
const FEED_MS = 20_000 * PATIENCE;
const PRINT_MS = 60_000 * PATIENCE;
const LEAVE_MS = 20_000 * PATIENCE;

const failureOf = (fault: LinkFault): AskFailure => {
  if (fault === 'gone') return { kind: 'deviceGone' };
  if (fault === 'late') return { kind: 'noAnswer' };
  return { kind: 'hardwareError', reason: fault };
};

const refused = <E extends string>(errorCode: E): Result<never, Failure<E>> =>
  err({ kind: 'commandError', errorCode });
const broken = (reason: string): Result<never, AskFailure> =>
  err({ kind: 'hardwareError', reason });
const notReady = (reason: string): Result<never, AskFailure> => err({ kind: 'notReady', reason });

/**
 * What moves a card. Each movement begins with a look at the port, the card and a count, and is called done
 * only where the counts grew as they should; the printer itself acknowledges nothing. A refusal before
 * the first command that moves says that nothing moved; after it, only what was seen.
 */
export class Movements {
  readonly #link: PrinterLink;
  readonly #options: EvolisOptions;
  readonly #usesStation: boolean;
  #printed: Printed = 'unknown';

  constructor(link: PrinterLink, options: EvolisOptions, usesStation: boolean) {
    this.#link = link;
    this.#options = options;
    this.#usesStation = usesStation;
  }

  /** Takes the printer over as it stands: errors are ours, and what lies in it is not known. */
  async greet(): Promise<Result<void, LinkFault>> {
    this.#link.allow(this.#options.movementMs);
    const sent = await this.#link.send(command('Pem', 2));
    if (!sent.ok) return sent;
    const inside = await this.#link.ask(['Rlr', 'p'], saysCardInside);
    if (!inside.ok) return inside;
    this.#printed = inside.value ? 'unknown' : 'nothing';
    return ok(undefined);
  }

  async isCardInside(): Promise<Result<boolean, AskFailure>> {
    return this.#asked(await this.#link.ask(['Rlr', 'p'], saysCardInside));
  }

  async feed(
    input: 1 | 2,
  ): Promise<Result<void, Failure<'feederEmpty' | 'mediaJammed' | 'mediaPresent'>>> {
    this.#link.allow(FEED_MS);
    const clear = await this.#clearToMove();
    if (!clear.ok) return clear;
    const inside = await this.isCardInside();
    if (!inside.ok) return inside;
    if (inside.value) return refused('mediaPresent');
    const ended = await this.#endForgottenJob();
    if (!ended.ok) return ended;
    if (this.#options.feederSensors) {
      const empty = await this.#link.ask(['Sk', 'f'], feedersOf);
      if (!empty.ok) return this.#asked(empty);
      if (empty.value.has(input)) return refused('feederEmpty');
    }
    const before = await this.#count('c');
    if (!before.ok) return before;
    // Without an input the printer would take from either feeder; with B it feeds onto no card.
    const readied = await this.#send([command('Piem', input, 0), command('Pmi', 'B')]);
    if (!readied.ok) return readied;
    if (this.#link.leftMs < this.#options.movementMs) return notReady('noTimeLeft');
    this.#printed = 'unknown';
    const sent = await this.#send([command(this.#usesStation ? 'Sic' : 'Si')]);
    const after = sent.ok ? await this.#count('c') : sent;
    const port = await this.#portStatus();
    if (!port.ok) return port;
    if (port.value.fault) return refused('mediaJammed');
    if (!after.ok) return after;
    const arrived = await this.isCardInside();
    if (!arrived.ok) return arrived;
    const fed = after.value - before.value;
    if (fed === 1 && arrived.value && !port.value.outOfMedia) {
      this.#printed = 'nothing';
      return ok(undefined);
    }
    if (fed === 0 && !arrived.value && port.value.outOfMedia) return refused('feederEmpty');
    return broken(`countersDisagree.fed${fed}`);
  }

  async print(
    side: Side,
    rgb: Uint8Array,
  ): Promise<Result<void, Failure<'noMedia' | 'mediaJammed' | 'ribbonOut'>>> {
    this.#link.allow(PRINT_MS);
    if (rgb.length !== RGB_BYTES)
      return err({ kind: 'invalidData', reason: 'size of the picture' });
    const clear = await this.#clearToMove();
    if (!clear.ok) return clear;
    const inside = await this.isCardInside();
    if (!inside.ok) return inside;
    if (!inside.value) return refused('noMedia');
    if (this.#printed !== (side === 'front' ? 'nothing' : 'front')) {
      return err({ kind: 'invalidData', reason: `${side} after ${this.#printed}` });
    }
    const ribbon = await this.#link.ask(['Rcr'], saysRibbonGood);
    if (!ribbon.ok) return this.#asked(ribbon);
    if (!ribbon.value) return refused('ribbonOut');
    const before = await this.#count('p');
    if (!before.ok) return before;
    // From here on the card is marked, whatever comes of it.
    this.#printed = side;
    const { commands, least, most } = side === 'front' ? front(rgb, this.#options) : back(rgb);
    const sent = await this.#sendSide(commands);
    const after = sent.ok ? await this.#count('p') : sent;
    const port = await this.#portStatus();
    if (!port.ok) return port;
    if (port.value.fault) return refused('mediaJammed');
    if (port.value.outOfMedia) return refused('ribbonOut');
    if (!after.ok) return after;
    const panels = after.value - before.value;
    return panels >= least && panels <= most
      ? ok(undefined)
      : broken(`countersDisagree.panels${panels}`);
  }

  /** Ends the job, which prints its last panel, and lets the card out. */
  async eject(): Promise<Result<void, Failure<'noMedia' | 'mediaJammed'>>> {
    const isPrinted = this.#printed === 'front' || this.#printed === 'back';
    const left = await this.#leave('Se', isPrinted ? { least: 1, most: 2 } : { least: 0, most: 0 });
    if (left.ok) this.#printed = 'nothing';
    return left;
  }

  /** A job that was begun is ended with the card: its last panel would go onto the next one. */
  async reject(): Promise<Result<void, Failure<'noMedia' | 'mediaJammed'>>> {
    const left = await this.#leave('Ser', { least: 0, most: 2 });
    if (!left.ok) return left;
    const ended = await this.#endForgottenJob();
    return ended.ok ? left : ended;
  }

  async #leave(
    way: 'Se' | 'Ser',
    panels: { readonly least: number; readonly most: number },
  ): Promise<Result<void, Failure<'noMedia' | 'mediaJammed'>>> {
    this.#link.allow(LEAVE_MS);
    const port = await this.#portStatus();
    if (!port.ok) return port;
    if (port.value.fault) return notReady('mechanicalFault');
    const inside = await this.isCardInside();
    if (!inside.ok) return inside;
    if (!inside.value) return refused('noMedia');
    const before = await this.#count('p');
    if (!before.ok) return before;
    if (this.#link.leftMs < this.#options.movementMs) return notReady('noTimeLeft');
    const sent = await this.#send([command(way)]);
    const after = sent.ok ? await this.#count('p') : sent;
    const then = await this.#portStatus();
    if (!then.ok) return then;
    if (then.value.fault) return refused('mediaJammed');
    if (!after.ok) return after;
    if (way === 'Se' && then.value.outOfMedia) return broken('ribbonEnded');
    const left = await this.isCardInside();
    if (!left.ok) return left;
    if (left.value) return broken('cardStillInside');
    const grown = after.value - before.value;
    return grown >= panels.least && grown <= panels.most
      ? ok(undefined)
      : broken(`countersDisagree.panels${grown}`);
  }

  /** No card is inside: one that was printed on left by the reject box or in somebody's hand, its job open. */
  async #endForgottenJob(): Promise<Result<void, AskFailure>> {
    if (this.#printed === 'nothing') return ok(undefined);
    // As a restart: whatever waited in the memories is gone.
    const sent = await this.#send([command('Srs'), command('Pem', 2)]);
    if (!sent.ok) return sent;
    const inside = await this.isCardInside();
    if (!inside.ok) return inside;
    if (inside.value) return broken('cardCameBack');
    this.#printed = 'nothing';
    return ok(undefined);
  }

  /** A fault that stood before is not taken for one of the movement to come. */
  async #clearToMove(): Promise<Result<void, AskFailure>> {
    const port = await this.#portStatus();
    if (!port.ok) return port;
    if (port.value.fault) return notReady('mechanicalFault');
    return port.value.outOfMedia ? notReady('outOfMedia') : ok(undefined);
  }

  async #send(parts: readonly Uint8Array[]): Promise<Result<void, AskFailure>> {
    for (const part of parts) {
      const sent = await this.#link.send(part);
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
  async #count(what: 'c' | 'p'): Promise<Result<number, AskFailure>> {
    return this.#asked(await this.#link.ask(['Rco', what], countOf));
  }

  async #portStatus(): Promise<Result<PortStatus, AskFailure>> {
    return this.#asked(await this.#link.portStatus());
  }

  #asked<T>(answer: Result<T, LinkFault>): Result<T, AskFailure> {
    return answer.ok ? answer : err(failureOf(answer.error));
  }
}

/** The commands of a side, and how many panels they print: its last waits, and varnish may count as one. */
interface PrintedSide {
  readonly commands: readonly Uint8Array[];
  readonly least: number;
  readonly most: number;
}

function front(rgb: Uint8Array, { ribbon }: EvolisOptions): PrintedSide {
  const planes = colourPlanes(rgb);
  return {
    commands: [
      command('Pr', ribbon),
      // Varnish over the whole card; it must stand in the memory before the job begins.
      command('Wcb', 'o', 255),
      command('Ss'),
      command('Sr'),
      ...DYES.map((dye) => download(dye, 32, planes[dye])),
      download('k', 2, planes.k),
    ],
    least: DYES.length,
    most: DYES.length + 2,
  };
}

/** The turn prints what of the front still waited: its resin and the varnish. */
const back = (rgb: Uint8Array): PrintedSide => ({
  commands: [command('Sv'), download('k', 2, blackPlane(rgb))],
  least: 1,
  most: 3,
});
