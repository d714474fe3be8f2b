import { assertNever } from '../base/assert.ts';
import type { Clock, TimerHandle } from '../base/clock.ts';
import { findCommand } from '../../drivers/contract/device-classes.ts';
import { heldContentSchema } from '../../drivers/contract/held.ts';
import type { FromHost } from '../../drivers/contract/wire.ts';
import { spawnHost, type HostChild, type HostExit } from './host-child.ts';
import type { DeviceConfig, DeviceTrouble, HostVariable } from './ports.ts';
import { RequestTable, type DeviceRequest, type HostAnswer } from './request-table.ts';
import { RECOVERED_AFTER_MS, restartDelayMs } from './restart-backoff.ts';

export interface HostSettings {
  readonly name: string;
  /** The program to run: a module for Node. */
  readonly entry: string;
  readonly devices: readonly DeviceConfig[];
  readonly environment: Readonly<Partial<Record<HostVariable, string>>>;
  readonly clock: Clock;
}

/** The first three return false where the frame makes no sense, at which the host is killed. */
export interface HostHandlers {
  /** `renewed`: it took the place of one that was let go, and whatever was known of the devices holds. */
  readonly onOpened: (frame: Extract<FromHost, { type: 'opened' }>, renewed: boolean) => boolean;
  readonly onOpenFailed: (frame: Extract<FromHost, { type: 'openFailed' }>) => boolean;
  readonly onUnsolicited: (frame: Extract<FromHost, { type: 'unsolicited' }>) => boolean;
  /** The process is gone and every request under way has been answered `hostGone`. */
  readonly onGone: () => void;
  readonly onTrouble: (trouble: DeviceTrouble) => void;
}

/** Drivers look for their devices before the host says `opened`; a scan of slow buses takes seconds. */
export const OPEN_LIMIT_MS = 30_000;
/** A little more than a host gives its drivers to let go. */
const STOP_LIMIT_MS = 3_000;

/** What a process that holds documents gives the host itself, or has it relay. */
const carriesDocuments = (request: DeviceRequest): boolean =>
  request.type === 'lend' ||
  Object.values(request.params ?? {}).some((value) => heldContentSchema.safeParse(value).success);

/** What a driver sees of a document by doing as it is asked. */
const showsDocuments = (request: DeviceRequest, devices: readonly DeviceConfig[]): boolean =>
  devices.some(
    ({ name, deviceClass }) =>
      name === request.device && findCommand(deviceClass, request.command)?.seesDocument === true,
  );

/** One device host, started again whenever it ends, until it is stopped. */
export class HostProcess {
  readonly #settings: HostSettings;
  readonly #handlers: HostHandlers;
  readonly #requests = new RequestTable();
  #child: HostChild | null = null;
  #generation = 0;
  #opened = false;
  #crashes = 0;
  #openedAtMs = 0;
  #restartWanted: string | null = null;
  #sawDocuments = false;
  #renewal: PromiseWithResolvers<undefined> | null = null;
  #letGo = false;
  #killed = false;
  #timer: TimerHandle | null = null;
  #stopping: Promise<void> | null = null;
  #childGone = Promise.withResolvers<undefined>();

  constructor(settings: HostSettings, handlers: HostHandlers) {
    this.#settings = settings;
    this.#handlers = handlers;
  }

  /** Counts the starts, from 1. */
  get generation(): number {
    return this.#generation;
  }

  /** True while commands may be sent. */
  get accepting(): boolean {
    const ends = this.#killed || this.#restartWanted !== null || this.#stopping !== null;
    return this.#opened && !ends && this.#renewal === null;
  }

  /** While the process is being renewed: completes when the next one is open, or has failed to be. */
  get renewed(): Promise<unknown> | null {
    return this.#renewal?.promise ?? null;
  }

  start(): void {
    const { name, entry, environment, devices, clock } = this.#settings;
    this.#generation += 1;
    this.#childGone = Promise.withResolvers();
    this.#child = spawnHost(entry, environment, {
      onFrame: (frame) => this.#receive(frame),
      onBadFrame: (what) => this.#brokeProtocol(what),
      onLine: (line) => this.#handlers.onTrouble({ kind: 'hostSaid', host: name, line }),
      onGone: (exit) => this.#gone(exit),
    });
    this.#timer = clock.after(OPEN_LIMIT_MS, () => this.#hung('open'));
    this.#child.send({
      type: 'open',
      devices: devices.map((device) => ({
        name: device.name,
        deviceClass: device.deviceClass,
        driver: device.driver,
        options: device.options,
      })),
    });
  }

  /** Sends one command, once. `onAnswer` is called once, with the completion or with `hostGone`. */
  send(request: DeviceRequest, onAnswer: (answer: HostAnswer) => void): void {
    this.#requests.add(request, onAnswer);
    this.#sawDocuments ||=
      carriesDocuments(request) || showsDocuments(request, this.#settings.devices);
    this.#child?.send(request);
  }

  /** Tells the host that nobody wants a command any more. Its answer is awaited all the same. */
  cancel({ requestId, device }: DeviceRequest): void {
    this.#child?.send({ type: 'cancel', requestId, device });
  }

  /** Core no longer waits for it, so that it does not hold up a restart. */
  giveUpOn(requestId: string): void {
    this.#requests.markOverdue(requestId);
    this.#restartIfQuiet();
  }

  /** Kills the host as soon as no command is under way that anybody waits for; new ones are refused. */
  restartWhenQuiet(what: string): void {
    this.#restartWanted ??= what;
    this.#restartIfQuiet();
  }

  /**
   * Ends a process through which documents went, and what it has left of them in its memory, and starts another
   * in its place; once nothing is under way in it, and without calling that a fault of anything.
   */
  renewIfItSawDocuments(): void {
    if (!this.#sawDocuments || !this.accepting) return;
    this.#renewal = Promise.withResolvers();
    this.#renewIfQuiet();
  }

  /** Completes when the process is gone, however often it is asked. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#timer?.cancel();
    const child = this.#child;
    if (child === null) return;
    this.#close(child);
    await this.#childGone.promise;
  }

  #close(child: HostChild): void {
    child.close();
    this.#timer = this.#settings.clock.after(STOP_LIMIT_MS, () => child.kill());
  }

  #renewIfQuiet(): void {
    const child = this.#child;
    if (this.#renewal === null || this.#letGo || child === null || !this.#requests.isEmpty) return;
    this.#letGo = true;
    this.#close(child);
  }

  #renewalIsOver(): void {
    this.#renewal?.resolve(undefined);
    this.#renewal = null;
  }

  #restartIfQuiet(): void {
    if (this.#restartWanted !== null && this.#requests.nobodyWaits) this.#hung(this.#restartWanted);
  }

  #hung(what: string): void {
    this.#kill({ kind: 'hostHung', host: this.#settings.name, what });
  }

  #brokeProtocol(what: string): void {
    this.#kill({ kind: 'hostBrokeProtocol', host: this.#settings.name, what });
  }

  /** What a killed host had still to say is not believed. */
  #kill(trouble: DeviceTrouble): void {
    if (this.#killed || this.#child === null) return;
    this.#killed = true;
    this.#handlers.onTrouble(trouble);
    this.#child.kill();
  }

  #receive(frame: FromHost): void {
    if (this.#killed) return;
    if (!this.#makesSense(frame)) this.#brokeProtocol(frame.type);
  }

  #makesSense(frame: FromHost): boolean {
    switch (frame.type) {
      case 'opened':
        if (this.#opened) return false;
        this.#timer?.cancel();
        this.#opened = true;
        this.#openedAtMs = this.#settings.clock.monotonicMs();
        return this.#opens(frame);
      case 'openFailed':
        return !this.#opened && this.#handlers.onOpenFailed(frame);
      case 'acknowledge':
        return this.#requests.acknowledge(frame.requestId);
      case 'completion':
        return this.#complete(frame);
      case 'unsolicited':
        return this.#handlers.onUnsolicited(frame);
      default:
        return assertNever(frame);
    }
  }

  #opens(frame: Extract<FromHost, { type: 'opened' }>): boolean {
    const renewed = this.#renewal !== null;
    // Whoever waited asks once the devices are known to be open.
    const makesSense = this.#handlers.onOpened(frame, renewed);
    this.#renewalIsOver();
    return makesSense;
  }

  #complete(frame: Extract<FromHost, { type: 'completion' }>): boolean {
    const known = this.#requests.complete(frame.requestId, frame);
    this.#restartIfQuiet();
    this.#renewIfQuiet();
    return known;
  }

  #gone(exit: HostExit): void {
    this.#timer?.cancel();
    const letGo = this.#letGo && this.#stopping === null;
    const recovered = this.#livedMs() >= RECOVERED_AFTER_MS;
    this.#child = null;
    this.#opened = false;
    this.#killed = false;
    this.#restartWanted = null;
    this.#sawDocuments = false;
    this.#letGo = false;
    if (letGo) this.start();
    else this.#died(exit, recovered);
  }

  #livedMs(): number {
    return this.#opened ? this.#settings.clock.monotonicMs() - this.#openedAtMs : 0;
  }

  #died(exit: HostExit, recovered: boolean): void {
    const { clock, name } = this.#settings;
    this.#crashes = recovered ? 1 : this.#crashes + 1;
    this.#renewalIsOver();
    if (this.#stopping === null) {
      const restartInMs = restartDelayMs(this.#crashes);
      this.#timer = clock.after(restartInMs, () => this.start());
      this.#handlers.onTrouble({ kind: 'hostExited', host: name, ...exit, restartInMs });
    }
    this.#requests.hostGone();
    this.#handlers.onGone();
    this.#childGone.resolve(undefined);
  }
}
