import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { CardPrinterFault, CardPrinterStep } from '../simulated-card-printer/faults.ts';
import { CardPrinterHands } from '../simulated-card-printer/hands.ts';
import { pngOfSide } from '../simulated-card-printer/picture.ts';
import { profiles } from '../simulated-card-printer/profiles.ts';
import {
  CARD_PRINTER_DEVICE,
  cardPrinterRequestSchema,
} from '../simulated-card-printer/protocol.ts';
import { CardPrinterSimulator } from '../simulated-card-printer/simulator.ts';
import type { MotorReaderFault, MotorReaderStep } from '../simulated-motor-card-reader/faults.ts';
import {
  MOTOR_READER_DEVICE,
  motorReaderRequestSchema,
} from '../simulated-motor-card-reader/protocol.ts';
import { MotorReaderSimulator } from '../simulated-motor-card-reader/simulator.ts';
import { ChildCardTap, noCardTap, type CardTap, type TapCard, type TapFault } from './card-tap.ts';
import { FaultPlan } from './fault-plan.ts';
import type { CabinetOptions } from './options.ts';
import { PagePrinterTaps } from './page-printer-taps.ts';
import { PhysicalRecord, type Move } from './record.ts';
import { ScannerLine } from './scanner-line.ts';
import { DeviceSocket, type SocketDevice } from './socket.ts';
import { loadWorld, saveWorld, type World } from './world.ts';

/** Something a hand could not do. `kind` is for programs, `reason` for people. */
export interface HandsOff {
  readonly kind: string;
  readonly reason: string;
}

/** The whole simulated cabinet, without its control panel. */
export class Cabinet {
  readonly options: CabinetOptions;
  readonly world: World;
  readonly record: PhysicalRecord;
  readonly printer: CardPrinterSimulator;
  readonly printerHands: CardPrinterHands;
  readonly printerFaults = new FaultPlan<CardPrinterStep, CardPrinterFault>();
  readonly motorReader: MotorReaderSimulator;
  readonly motorReaderFaults = new FaultPlan<MotorReaderStep, MotorReaderFault>();
  readonly scanner: ScannerLine;
  readonly pagePrinter: PagePrinterTaps | null;
  /** The card on the contactless field, which is forgotten with this process like the field itself. */
  field: { readonly uidHex: string; readonly fault: TapFault | null } | null = null;
  readonly #worldPath: string;
  readonly #cardTap: CardTap;
  readonly #socket: DeviceSocket;

  constructor(options: CabinetOptions, clock: Clock = systemClock) {
    const { dataDir } = options;
    mkdirSync(join(dataDir, 'cards'), { recursive: true });
    this.options = options;
    this.#worldPath = join(dataDir, 'world.json');
    this.world = loadWorld(this.#worldPath);
    this.record = new PhysicalRecord(join(dataDir, 'record.jsonl'), clock);
    this.scanner = new ScannerLine(join(dataDir, 'scanner-tty'), join(dataDir, 'scanner-wire'));
    const { virtualCard, pagePrinter } = options.lab;
    this.#cardTap = virtualCard === null ? noCardTap : new ChildCardTap(virtualCard.command);
    this.pagePrinter = pagePrinter === null ? null : new PagePrinterTaps(pagePrinter, this.world);

    const shared = {
      clock,
      stepMs: options.stepMs,
      doorOpen: () => this.world.door === 'open',
      record: (move: Move) => this.#moved(move),
      changed: () => this.#save(),
    };
    const printer = {
      ...shared,
      parts: this.world.cardPrinter,
      profile: profiles[options.profile],
      emit: (event: unknown) => this.#socket.emit(CARD_PRINTER_DEVICE, event),
    };
    this.printer = new CardPrinterSimulator({
      ...printer,
      faults: this.printerFaults,
      savePicture: (name, rgb) => this.#savePicture(name, rgb),
    });
    this.printerHands = new CardPrinterHands({
      ...printer,
      announce: () => this.printer.announce(),
    });
    this.motorReader = new MotorReaderSimulator({
      ...shared,
      parts: this.world.motorReader,
      faults: this.motorReaderFaults,
      emit: (event) => this.#socket.emit(MOTOR_READER_DEVICE, event),
    });
    this.#socket = new DeviceSocket({
      path: this.socketPath,
      devices: [this.#printerOnSocket(), this.#motorReaderOnSocket()],
      powered: () => this.world.power === 'on',
      violation: (device, reason) => this.#moved({ type: 'protocolViolation', device, reason }),
    });
  }

  get socketPath(): string {
    return join(this.options.dataDir, 'devices.sock');
  }

  async start(): Promise<void> {
    this.#save();
    if (this.world.power === 'on') await this.scanner.plug();
    // The SAM sits in its slot from the start; the card's child brings it along.
    if (this.options.lab.virtualCard !== null) await this.#cardTap.untap();
    await this.#socket.start();
  }

  async stop(): Promise<void> {
    await this.#socket.stop();
    await this.scanner.unplug();
    await this.#cardTap.stop();
    this.record.close();
  }

  connected(device: 'cardPrinter' | 'motorCardReader'): boolean {
    return this.#socket.connected(device);
  }

  async tap(card: TapCard, fault: TapFault | null): Promise<Result<null, HandsOff>> {
    const tapped = await this.#cardTap.tap(card, fault);
    if (!tapped.ok) return tapped;
    this.field = { uidHex: card.uidHex, fault };
    this.#moved({ type: 'cardTapped', uidHex: card.uidHex });
    return ok(null);
  }

  async untap(): Promise<Result<null, HandsOff>> {
    const untapped = await this.#cardTap.untap();
    if (!untapped.ok) return untapped;
    this.field = null;
    this.#moved({ type: 'cardUntapped' });
    return ok(null);
  }

  async scan(payload: string): Promise<Result<null, HandsOff>> {
    if (!(await this.scanner.scan(payload))) {
      return err({ kind: 'unplugged', reason: 'the scanner is unplugged' });
    }
    const sha256 = createHash('sha256').update(payload).digest('hex');
    this.#moved({ type: 'codeScanned', bytes: payload.length, sha256 });
    return ok(null);
  }

  async plugScanner(plugged: boolean): Promise<void> {
    if (plugged === this.scanner.plugged) return;
    await (plugged ? this.scanner.plug() : this.scanner.unplug());
    this.#moved({ type: plugged ? 'scannerPlugged' : 'scannerUnplugged' });
  }

  async takePaper(): Promise<Result<{ documents: string[] }, HandsOff>> {
    if (this.pagePrinter === null) {
      return err({ kind: 'noPagePrinter', reason: 'the lab file names no page printer' });
    }
    const documents = await this.pagePrinter.waiting();
    if (documents.length === 0) {
      return err({ kind: 'nothingThere', reason: 'no sheet lies in the output tray' });
    }
    this.world.papersTaken.push(...documents);
    this.#moved({ type: 'paperTaken', documents });
    return ok({ documents });
  }

  setDoor(open: boolean): void {
    const door = open ? 'open' : 'closed';
    if (door === this.world.door) return;
    this.world.door = door;
    this.#moved({ type: open ? 'doorOpened' : 'doorClosed' });
    this.printer.announce();
    this.motorReader.announce();
  }

  /** Every motor stops where it is and every cable goes dead, until power is restored. */
  async cutPower(): Promise<void> {
    if (this.world.power === 'off') return;
    this.world.power = 'off';
    this.printer.powerOff();
    this.motorReader.powerOff();
    this.#moved({ type: 'powerCut' });
    this.#socket.dropAll();
    await this.scanner.unplug();
  }

  async restorePower(): Promise<void> {
    if (this.world.power === 'on') return;
    this.world.power = 'on';
    this.#moved({ type: 'powerRestored' });
    await this.scanner.plug();
  }

  /** The record first: it is the truth, the world's file only saves counting it up again. */
  #moved(move: Move): void {
    this.record.append(move);
    this.#save();
  }

  #save(): void {
    saveWorld(this.#worldPath, this.world);
  }

  async #savePicture(name: string, rgb: Uint8Array): Promise<string> {
    const picture = join('cards', `${name}.png`);
    writeFileSync(join(this.options.dataDir, picture), await pngOfSide(rgb));
    return picture;
  }

  #printerOnSocket(): SocketDevice {
    return {
      name: CARD_PRINTER_DEVICE,
      serve: (body) => {
        const request = cardPrinterRequestSchema.safeParse(body);
        return request.success
          ? { understood: this.printer.handle(request.data) }
          : { violation: placesOf(request.error) };
      },
      hostCame: () => this.printer.hostCame(),
      hostGone: () => undefined,
    };
  }

  #motorReaderOnSocket(): SocketDevice {
    return {
      name: MOTOR_READER_DEVICE,
      serve: (body) => {
        const request = motorReaderRequestSchema.safeParse(body);
        return request.success
          ? { understood: this.motorReader.handle(request.data) }
          : { violation: placesOf(request.error) };
      },
      hostCame: () => this.motorReader.hostCame(),
      hostGone: () => this.motorReader.hostGone(),
    };
  }
}

/** Where a request went wrong, without the values, which may be personal. */
function placesOf(error: { issues: readonly { path: readonly PropertyKey[] }[] }): string {
  return `not understood at ${error.issues.map(({ path }) => path.map(String).join('.')).join(' ')}`;
}
