import { CommandParser, StreamBreach, type PrinterCommand } from './simulator-parser.ts';

export interface SimulatedBlank {
  readonly serial: string;
  readonly blankKind: string;
}

/** What stands on a card: the panels that were printed on each side, in order. */
export interface PrintedCard {
  readonly blank: SimulatedBlank;
  readonly front: readonly PrintedPanel[];
  readonly back: readonly PrintedPanel[];
}

export interface PrintedPanel {
  readonly panel: string;
  readonly plane: Uint8Array;
}

type SideName = 'front' | 'back';

interface CardInside {
  readonly blank: SimulatedBlank;
  /** A job draws it from the station under the head. */
  place: 'station' | 'printPosition';
  readonly front: PrintedPanel[];
  readonly back: PrintedPanel[];
}

/** A job between `Ss` and its end. */
interface Job {
  side: SideName | null;
  downloaded: number;
  pending: PrintedPanel | null;
}

/**
 * What may go wrong with the next movement of a kind. `cardSticks`: it does not come out, and no fault shows.
 * `cardUnseen`: the next question whether one is inside is answered wrongly.
 */
export type Fault = 'jam' | 'ribbonBreaks' | 'uncounted' | 'cardSticks' | 'cardUnseen';

const panelsOf = {
  ymcko: ['y', 'm', 'c', 'k', 'o'],
  ymckok: ['y', 'm', 'c', 'k', 'o', 'k'],
} as const;
export type Ribbon = keyof typeof panelsOf;

/** USB Printer Class 1.1, §4.2.2: selected and no error. */
const PORT_GOOD = 0x18;
const PORT_PAPER_EMPTY = 0x20;
const PORT_NOT_ERROR = 0x08;

export interface SimulatedPrinterOptions {
  readonly ribbon?: Ribbon;
  /** Panel sets that the ribbon still has. */
  readonly ribbonLeft?: number;
  /**
   * What it does with a question while it stands in a fault: answers it, takes it and is silent, or takes nothing
   * more over its pipes. The guide does not say.
   */
  readonly inFault?: 'answers' | 'silent' | 'busy';
}

/**
 * A simulated Evolis card printer with two feeders, a contactless station, a reject box and no eye at its exit,
 * after the guide (A5013 rev. E). Where the guide is silent it refuses: an unknown command, an order of
 * commands outside the guide's tables, a second card on top of one inside throw `StreamBreach`. Movements take
 * no time. The last panel of a job is printed when the job ends, as the guide has it.
 */
export class SimulatedEvolisPrinter {
  readonly #parser = new CommandParser();
  readonly #ribbon: Ribbon;
  #ribbonLeft: number;
  readonly #feeders: readonly [SimulatedBlank[], SimulatedBlank[]] = [[], []];
  readonly #counted = { cards: 0, panels: 0 };
  #inFeeder: 1 | 2 = 1;
  readonly #inFault: 'answers' | 'silent' | 'busy';
  #hostHandlesErrors = false;
  #feedsOntoNoCard = false;
  #ribbonIsSet = false;
  #varnish = false;
  #card: CardInside | null = null;
  #job: Job | null = null;
  #port = PORT_GOOD;
  /** The feeder from which no card came, as long as the port says no more than that. */
  #foundEmpty: 1 | 2 | null = null;
  #nextFault: Fault | null = null;
  /** Where the cards went, newest last. */
  readonly exit: PrintedCard[] = [];
  readonly rejectBox: PrintedCard[] = [];
  /** Every command, without its data. */
  readonly commands: string[] = [];

  constructor({
    ribbon = 'ymckok',
    ribbonLeft = 100,
    inFault = 'answers',
  }: SimulatedPrinterOptions = {}) {
    this.#ribbon = ribbon;
    this.#inFault = inFault;
    this.#ribbonLeft = ribbonLeft;
  }

  readonly deviceId = 'MFG:Evolis;MDL:SPESIMEN simulator;CMD:ESC;CLS:PRINTER;';

  get portStatus(): number {
    return this.#port;
  }

  get busy(): boolean {
    return this.#inFault === 'busy' && this.#port !== PORT_GOOD;
  }

  /** Takes what the host sent; gives what the printer has to say to it, each answer ended by NUL. */
  receive(bytes: Uint8Array): Uint8Array {
    const answers = this.#parser.push(bytes).flatMap((command) => {
      this.commands.push([command.name, ...command.parameters].join(';'));
      const answer = this.#carryOut(command);
      const isSilent = this.#inFault === 'silent' && this.#port !== PORT_GOOD;
      return answer === null || isSilent ? [] : answer;
    });
    return Buffer.from(answers.map((answer) => `${answer}\0`).join(''), 'latin1');
  }

  /** Mends a feeder that was found empty, and nothing else that it stands in. */
  load(feeder: 1 | 2, blanks: readonly SimulatedBlank[]): void {
    this.#feeders[feeder - 1]?.push(...blanks);
    if (this.#foundEmpty !== feeder) return;
    this.#foundEmpty = null;
    this.#port &= ~PORT_PAPER_EMPTY;
  }

  emptyFeeder(feeder: 1 | 2): void {
    this.#feeders[feeder - 1]?.splice(0);
  }

  /** Strikes the next movement of a card or of the ribbon. */
  strike(fault: Fault): void {
    this.#nextFault = fault;
  }

  /** Whatever moves in it sticks. */
  jam(): void {
    this.#port &= ~PORT_NOT_ERROR;
  }

  endRibbon(): void {
    this.#ribbonLeft = 0;
    this.#foundEmpty = null;
    this.#port |= PORT_PAPER_EMPTY;
  }

  /** Opens the cover, takes out whatever lies in the transport, and closes it again; a job that was begun stays. */
  clear(): PrintedCard | null {
    const card = this.#card;
    this.#card = null;
    this.#allGood();
    return card;
  }

  /** The blank at the contactless station, for the reader that stands there. */
  get atStation(): SimulatedBlank | null {
    return this.#card?.place === 'station' ? this.#card.blank : null;
  }

  #carryOut({ name, parameters, data }: PrinterCommand): string | null {
    const all = [name, ...parameters].join(';');
    switch (name) {
      case 'Pem':
        if (all !== 'Pem;2') throw new StreamBreach(`${all} leaves errors to nobody`);
        this.#hostHandlesErrors = true;
        return null;
      case 'Pr':
        return this.#setRibbon(parameters);
      case 'Pmi':
        if (all !== 'Pmi;B') throw new StreamBreach(`${all} feeds onto a card inside`);
        this.#feedsOntoNoCard = true;
        return null;
      case 'Srs':
        this.#restart();
        return null;
      case 'Piem':
        return this.#setFeeder(parameters);
      case 'Wcb':
        if (all !== 'Wcb;o;255' || this.#job !== null) throw new StreamBreach(`${all} here`);
        this.#varnish = true;
        return null;
      case 'Si':
        this.#insert('printPosition');
        return null;
      case 'Sic':
        this.#insert('station');
        return null;
      case 'Ss':
        if (this.#card === null || this.#job !== null) throw new StreamBreach('Ss here');
        this.#card.place = 'printPosition';
        this.#job = { side: null, downloaded: 0, pending: null };
        return null;
      case 'Sr':
      case 'Sv':
        this.#turnTo(name === 'Sr' ? 'front' : 'back');
        return null;
      case 'Db':
        this.#download(parameters[0] ?? '', data);
        return null;
      case 'Se':
        this.#endJob(this.exit);
        return null;
      case 'Ser':
        this.#reject();
        return null;
      default:
        return this.#tell(all);
    }
  }

  #tell(all: string): string {
    switch (all) {
      case 'Rlr;p':
        return this.#seesCard() ? 'ERR CARD' : 'NO CARD';
      case 'Rco;c':
        return String(this.#counted.cards);
      case 'Rco;p':
        return String(this.#counted.panels);
      case 'Rco;I':
        return String(this.#ribbonLeft);
      case 'Rcr':
        return this.#ribbonLeft > 0 ? 'OK' : 'ERR RIBBON';
      case 'Rfv':
        return 'SPESIMEN 1';
      case 'Rsn':
        return 'SPESIMEN0001';
      case 'Sk;f':
        return String(this.#emptyFeeders());
      case 'Sk;w':
        return '0';
      default:
        throw new StreamBreach(`the guide has no ${all}`);
    }
  }

  #seesCard(): boolean {
    const isUnseen = this.#nextFault === 'cardUnseen';
    if (isUnseen) this.#nextFault = null;
    return this.#card !== null && !isUnseen;
  }

  #emptyFeeders(): number {
    return this.#feeders.reduce(
      (sum, blanks, index) => sum + (blanks.length === 0 ? index + 1 : 0),
      0,
    );
  }

  #setRibbon([ribbon = '']: readonly string[]): null {
    if (ribbon !== this.#ribbon) throw new StreamBreach(`ribbon ${ribbon} is not what is loaded`);
    this.#ribbonIsSet = true;
    return null;
  }

  /** Of the guide's inputs only those that name a feeder: the others take whichever blank comes. */
  #setFeeder(parameters: readonly string[]): null {
    const [, input] = /^([12]);[0-3]$/.exec(parameters.join(';')) ?? [];
    if (input === undefined) throw new StreamBreach(`Piem;${parameters.join(';')}`);
    this.#inFeeder = input === '1' ? 1 : 2;
    return null;
  }

  #insert(place: CardInside['place']): void {
    if (!this.#hostHandlesErrors) throw new StreamBreach('Si before Pem: the printer would repeat');
    if (!this.#feedsOntoNoCard) throw new StreamBreach('Si before Pmi;B');
    if (this.#job !== null) throw new StreamBreach('a blank is fed into a job that is open');
    if (this.#card !== null) throw new StreamBreach('a blank is fed onto one that is inside');
    if (this.#port !== PORT_GOOD) return;
    const blank = this.#feeders[this.#inFeeder - 1]?.shift();
    if (blank === undefined) {
      this.#foundEmpty = this.#inFeeder;
      this.#port |= PORT_PAPER_EMPTY;
      return;
    }
    this.#card = { blank, place, front: [], back: [] };
    if (this.#jams()) return;
    this.#count('cards');
  }

  #turnTo(side: SideName): void {
    const job = this.#job;
    if (job === null) throw new StreamBreach('a side outside of a job');
    const wanted = side === 'front' ? null : 'front';
    if (job.side !== wanted) throw new StreamBreach(`${side} after ${job.side ?? 'nothing'}`);
    this.#printPending();
    job.side = side;
  }

  #download(panel: string, data: Uint8Array | null): void {
    const job = this.#job;
    if (job?.side == null || data === null) throw new StreamBreach('a plane outside of a side');
    if (!this.#ribbonIsSet) throw new StreamBreach('a plane before the ribbon was set');
    const order = panelsOf[this.#ribbon].filter((one) => one !== 'o');
    if (order[job.downloaded] !== panel) {
      throw new StreamBreach(`panel ${panel} is not next on the ribbon`);
    }
    job.downloaded += 1;
    this.#printPending();
    job.pending = { panel, plane: data };
  }

  /** A panel is printed when the next one begins to come, or when the job or the side ends. */
  #printPending(): void {
    const { job, card } = { job: this.#job, card: this.#card };
    if (job?.pending == null || card === null || job.side === null) return;
    const { pending, side } = job;
    job.pending = null;
    if (this.#port !== PORT_GOOD) return;
    if (this.#nextFault === 'ribbonBreaks' || this.#ribbonLeft === 0) {
      this.#nextFault = null;
      this.endRibbon();
      return;
    }
    card[side].push(pending);
    this.#count('panels');
    const isLastOfFront = side === 'front' && pending.panel === 'k';
    if (isLastOfFront && this.#varnish) {
      card[side].push({ panel: 'o', plane: new Uint8Array(0) });
      this.#count('panels');
    }
  }

  #endJob(tray: PrintedCard[]): void {
    const card = this.#card;
    if (card === null) throw new StreamBreach('Se without a card');
    this.#printPending();
    if (this.#port !== PORT_GOOD || this.#jams()) return;
    this.#ribbonLeft -= this.#job === null ? 0 : 1;
    this.#job = null;
    this.#varnish = false;
    if (this.#nextFault === 'cardSticks') this.#nextFault = null;
    else this.#leave(card, tray);
  }

  #reject(): void {
    const card = this.#card;
    if (card === null) throw new StreamBreach('Ser without a card');
    if (this.#jams()) return;
    this.#leave(card, this.rejectBox);
  }

  #leave(card: CardInside, tray: PrintedCard[]): void {
    const { blank, front, back } = card;
    tray.push({ blank, front, back });
    this.#card = null;
    if ((this.#port & PORT_NOT_ERROR) !== 0) this.#allGood();
  }

  #allGood(): void {
    this.#foundEmpty = null;
    this.#port = PORT_GOOD;
  }

  /** As a restart of power: what waits in the memories and what was set without saving is gone. */
  #restart(): void {
    this.#job = null;
    this.#varnish = false;
    this.#ribbonIsSet = false;
    this.#hostHandlesErrors = false;
    this.#feedsOntoNoCard = false;
  }

  #count(what: 'cards' | 'panels'): void {
    if (this.#nextFault === 'uncounted') this.#nextFault = null;
    else this.#counted[what] += 1;
  }

  #jams(): boolean {
    if ((this.#port & PORT_NOT_ERROR) === 0) return true;
    if (this.#nextFault !== 'jam') return false;
    this.#nextFault = null;
    this.jam();
    return true;
  }
}
