import { err, ok, type Result } from '../../src/base/result.ts';
import type { CommandFailure } from '../contract/command.ts';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from './geometry.ts';
import { reasonOf, type EndsWait, type LinkFault, type PrinterLink } from './link.ts';
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

/** How a card leaves: what its count of panels may grow by, how much time there is, and how long it may take. */
interface Leaving {
  readonly panels: { readonly least: number; readonly most: number };
  readonly withinMs: number;
  readonly takesMs: number;
}

/** How much of a command's time is ours; the rest is for the answer to reach core. */
const PATIENCE = 0.9;
/** As the class of card printers has them. */
const FEED_MS = 20_000 * PATIENCE;
const PRINT_MS = 60_000 * PATIENCE;
const EJECT_MS = 90_000 * PATIENCE;
const REJECT_MS = 20_000 * PATIENCE;
/** A movement that was under way when we came is over by then, and core still waits. */
const GREET_MS = 15_000;
/** What stands there without a card, or with a ribbon at its end, answers at once or not at all. */
export const STANDING_MS = 1_000;

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

/** Of what is asked before a movement: whatever came of it, nothing moved. */
const before = <T>(asked: Result<T, LinkFault>): Result<T, AskFailure> =>
  asked.ok ? asked : notReady(reasonOf(asked.error));
/** Of what is asked after it: nothing is known. */
const after = <T>(asked: Result<T, LinkFault>): Result<T, AskFailure> =>
  asked.ok ? asked : err(failureOf(asked.error));

const jams: EndsWait = ({ fault }) => fault;
const jamsOrEnds: EndsWait = ({ fault, outOfMedia }) => fault || outOfMedia;

/** What is at its end, where a movement met it: the port has one line for both. */
export type Ended = 'feederEmpty' | 'ribbonOut';

/**
 * What moves a card. Each movement begins with a look at the port, the card and a count, and is called done only
 * where the counts grew as they should; the printer itself acknowledges nothing. Before the first command that
 * moves, every failure says that nothing moved: `notReady`, or a code that means the same. After it, only what was
 * seen is said: the port first, and the count only while that shows no fault, in which no question may be answered.
 */
export class Movements {
  readonly #link: PrinterLink;
  readonly #options: EvolisOptions;
  readonly #usesStation: boolean;
  #printed: Printed = 'unknown';
  #ended: Ended | null = null;

  constructor(link: PrinterLink, options: EvolisOptions, usesStation: boolean) {
    this.#link = link;
    this.#options = options;
    this.#usesStation = usesStation;
  }

  /** Takes the printer over as it stands: errors are ours, and what lies in it is not known. */
  async greet(): Promise<Result<void, LinkFault>> {
    this.#link.allow(GREET_MS);
    const sent = await this.#link.send(command('Pem', 2));
    if (!sent.ok) return sent;
    const inside = await this.#isInside();
    if (!inside.ok) return inside;
    this.#printed = inside.value ? 'unknown' : 'nothing';
    return ok(undefined);
  }

  async isCardInside(): Promise<Result<boolean, AskFailure>> {
    return after(await this.#isInside());
  }

  /** What the last movement met at its end, as long as the port says that something is. */
  endedWith(port: PortStatus): Ended | null {
    if (!port.outOfMedia) this.#ended = null;
    return this.#ended;
  }

  /** The class's `mediaPresent` and `feederEmpty` before a movement would be a word against no count: `notReady`. */
  async feed(input: 1 | 2): Promise<Result<void, Failure<'feederEmpty' | 'mediaJammed'>>> {
    this.#link.allow(FEED_MS);
    const counted = await this.#readyToFeed(input);
    if (!counted.ok) return counted;
    this.#printed = 'unknown';
    const sent = await this.#link.send(command(this.#usesStation ? 'Sic' : 'Si'));
    const moved = await this.#moved(sent, 'c', jamsOrEnds);
    if (!moved.ok) return moved;
    const { port } = moved.value;
    if (port.fault) return refused('mediaJammed');
    let { count } = moved.value;
    if (!count.ok && sent.ok && port.outOfMedia) {
      this.#link.allow(Math.min(STANDING_MS, this.#link.leftMs));
      count = await this.#count('c');
    }
    if (!count.ok) return port.outOfMedia ? broken('outOfMedia') : after(count);
    const arrived = await this.isCardInside();
    if (!arrived.ok) return arrived;
    const fed = count.value - counted.value;
    if (fed === 1 && arrived.value && !port.outOfMedia) {
      this.#printed = 'nothing';
      return ok(undefined);
    }
    if (fed === 0 && !arrived.value && port.outOfMedia) {
      this.#ended = 'feederEmpty';
      return refused('feederEmpty');
    }
    return broken(`countersDisagree.fed${fed}`);
  }

  async print(
    side: Side,
    rgb: Uint8Array,
  ): Promise<Result<void, Failure<'noMedia' | 'mediaJammed' | 'ribbonOut'>>> {
    this.#link.allow(PRINT_MS);
    if (rgb.length !== RGB_BYTES)
      return err({ kind: 'invalidData', reason: 'size of the picture' });
    const counted = await this.#readyToPrint(side);
    if (!counted.ok) return counted;
    // From here on the card is marked, whatever comes of it.
    this.#printed = side;
    const { commands, least, most } = side === 'front' ? front(rgb, this.#options) : back(rgb);
    const moved = await this.#moved(await this.#sendSide(commands), 'p', jamsOrEnds);
    if (!moved.ok) return moved;
    const { port, count } = moved.value;
    if (port.fault) return refused('mediaJammed');
    if (port.outOfMedia) {
      this.#ended = 'ribbonOut';
      return refused('ribbonOut');
    }
    if (!count.ok) return after(count);
    const panels = count.value - counted.value;
    return panels >= least && panels <= most
      ? ok(undefined)
      : broken(`countersDisagree.panels${panels}`);
  }

  /** Ends the job, which prints its last panel, and lets the card out. */
  async eject(): Promise<Result<void, Failure<'noMedia' | 'mediaJammed'>>> {
    const isPrinted = this.#printed === 'front' || this.#printed === 'back';
    const { movementMs, printMs } = this.#options;
    const left = await this.#leave('Se', {
      panels: isPrinted ? { least: 1, most: 2 } : { least: 0, most: 0 },
      withinMs: EJECT_MS,
      takesMs: printMs + movementMs,
    });
    if (left.ok) this.#printed = 'nothing';
    return left;
  }

  /** A job that was begun is ended with the card: its last panel would go onto the next one. */
  async reject(): Promise<Result<void, Failure<'noMedia' | 'mediaJammed'>>> {
    const left = await this.#leave('Ser', {
      panels: { least: 0, most: 2 },
      withinMs: REJECT_MS,
      takesMs: this.#options.movementMs,
    });
    if (!left.ok) return left;
    const ended = after(await this.#endForgottenJob());
    if (!ended.ok) return ended;
    return ended.value === 'cardCameBack' ? broken(ended.value) : left;
  }

  async #leave(
    way: 'Se' | 'Ser',
    { panels, withinMs, takesMs }: Leaving,
  ): Promise<Result<void, Failure<'noMedia' | 'mediaJammed'>>> {
    this.#link.allow(withinMs);
    const counted = await this.#readyToLeave(takesMs);
    if (!counted.ok) return counted;
    const sent = await this.#link.send(command(way));
    const moved = await this.#moved(sent, 'p', way === 'Se' ? jamsOrEnds : jams);
    if (!moved.ok) return moved;
    const { port, count } = moved.value;
    if (port.fault) return refused('mediaJammed');
    if (way === 'Se' && port.outOfMedia) {
      this.#ended = 'ribbonOut';
      return broken('ribbonEnded');
    }
    if (!count.ok) return after(count);
    const left = await this.isCardInside();
    if (!left.ok) return left;
    if (left.value) return broken('cardStillInside');
    const grown = count.value - counted.value;
    return grown >= panels.least && grown <= panels.most
      ? ok(undefined)
      : broken(`countersDisagree.panels${grown}`);
  }

  /** Completes with the count of cards fed so far, everything being as it must be for one more. */
  async #readyToFeed(input: 1 | 2): Promise<Result<number, AskFailure>> {
    const clear = await this.#clearToMove();
    if (!clear.ok) return clear;
    const inside = before(await this.#isInside());
    if (!inside.ok) return inside;
    if (inside.value) return notReady('mediaPresent');
    const ended = before(await this.#endForgottenJob());
    if (!ended.ok) return ended;
    // It was in nobody's sight before: that it did not leave the feeder just now is not known.
    if (ended.value === 'cardCameBack') return broken(ended.value);
    if (this.#options.feederSensors) {
      const empty = before(await this.#link.ask(['Sk', 'f'], feedersOf));
      if (!empty.ok) return empty;
      if (empty.value.has(input)) return notReady('feederEmpty');
    }
    const counted = before(await this.#count('c'));
    if (!counted.ok) return counted;
    // Without an input the printer would take from either feeder; with B it feeds onto no card.
    const readied = before(await this.#sendAll([command('Piem', input, 0), command('Pmi', 'B')]));
    if (!readied.ok) return readied;
    return this.#inTime(counted, this.#options.movementMs);
  }

  /** Completes with the count of panels printed so far. */
  async #readyToPrint(side: Side): Promise<Result<number, Failure<'noMedia' | 'ribbonOut'>>> {
    const clear = await this.#clearToMove();
    if (!clear.ok) return clear;
    const inside = before(await this.#isInside());
    if (!inside.ok) return inside;
    if (!inside.value) return refused('noMedia');
    if (this.#printed !== (side === 'front' ? 'nothing' : 'front')) {
      return err({ kind: 'invalidData', reason: `${side} after ${this.#printed}` });
    }
    const ribbon = before(await this.#link.ask(['Rcr'], saysRibbonGood));
    if (!ribbon.ok) return ribbon;
    if (!ribbon.value) return refused('ribbonOut');
    return this.#inTime(before(await this.#count('p')), this.#options.printMs);
  }

  /** Completes with the count of panels printed so far. A ribbon at its end keeps no card inside. */
  async #readyToLeave(takesMs: number): Promise<Result<number, Failure<'noMedia'>>> {
    const port = before(await this.#link.portStatus());
    if (!port.ok) return port;
    if (port.value.fault) return notReady('mechanicalFault');
    const inside = before(await this.#isInside());
    if (!inside.ok) return inside;
    if (!inside.value) return refused('noMedia');
    return this.#inTime(before(await this.#count('p')), takesMs);
  }

  /** The last look before something moves: what takes longer than is left is not begun. */
  #inTime(counted: Result<number, AskFailure>, takesMs: number): Result<number, AskFailure> {
    return counted.ok && this.#link.leftMs < takesMs ? notReady('noTimeLeft') : counted;
  }

  /** No card is inside: one that was printed on left by the reject box or in somebody's hand, its job open. */
  async #endForgottenJob(): Promise<Result<'ended' | 'cardCameBack', LinkFault>> {
    if (this.#printed === 'nothing') return ok('ended');
    // As a restart: whatever waited in the memories is gone.
    const sent = await this.#sendAll([command('Srs'), command('Pem', 2)]);
    if (!sent.ok) return sent;
    const inside = await this.#isInside();
    if (!inside.ok) return inside;
    if (inside.value) return ok('cardCameBack');
    this.#printed = 'nothing';
    return ok('ended');
  }

  /** A fault that stood before is not taken for one of the movement to come. */
  async #clearToMove(): Promise<Result<void, AskFailure>> {
    const port = before(await this.#link.portStatus());
    if (!port.ok) return port;
    if (port.value.fault) return notReady('mechanicalFault');
    return port.value.outOfMedia ? notReady('outOfMedia') : ok(undefined);
  }

  /** The count after a movement, unless the port ended the wait for it, and then the port. */
  async #moved(
    sent: Result<void, LinkFault>,
    what: 'c' | 'p',
    ends: EndsWait,
  ): Promise<
    Result<{ readonly port: PortStatus; readonly count: Result<number, LinkFault> }, AskFailure>
  > {
    const count = sent.ok ? await this.#count(what, ends) : sent;
    const port = after(await this.#link.portStatus());
    return port.ok ? ok({ port: port.value, count }) : port;
  }

  async #sendAll(parts: readonly Uint8Array[]): Promise<Result<void, LinkFault>> {
    for (const part of parts) {
      const sent = await this.#link.send(part);
      if (!sent.ok) return sent;
    }
    return ok(undefined);
  }

  /** Stops where the printer came to stand in a fault: what would follow belongs to a side that is lost. */
  async #sendSide(parts: readonly Uint8Array[]): Promise<Result<void, LinkFault>> {
    for (const part of parts) {
      const sent = await this.#link.sendPlane(part, jamsOrEnds);
      if (!sent.ok) return sent;
      const port = await this.#link.portStatus();
      if (!port.ok) return port;
      if (jamsOrEnds(port.value)) return ok(undefined);
    }
    return ok(undefined);
  }

  /** `Rco`: c cards inserted, p panels printed. */
  #count(what: 'c' | 'p', ends: EndsWait | null = null): Promise<Result<number, LinkFault>> {
    return this.#link.ask(['Rco', what], countOf, ends);
  }

  #isInside(): Promise<Result<boolean, LinkFault>> {
    return this.#link.ask(['Rlr', 'p'], saysCardInside);
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
