import { systemClock, type Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { CabinetSensor, FlashRate, Light } from '../contract/cabinet-io.ts';
import type { CommandFailure } from '../contract/command.ts';
import type { CommandHandlers, Driver, DriverFactory, EmitEvent } from '../contract/driver.ts';
import { KeptOpen, type OpenDevice } from '../contract/kept-open.ts';
import { away, StatusTeller } from '../contract/status-teller.ts';
import type { CommonStatus } from '../contract/words.ts';
import { openAt, placesOf, type SerialBus } from '../serial-line/place.ts';
import { openSerialLine } from '../serial-line/serial-line.ts';
import { usbPorts } from '../serial-line/usb-ports.ts';
import { ControllerLink, type LinkFault } from './link.ts';
import { cabinetIoOptionsSchema, type CabinetIoOptions } from './options.ts';
import {
  acknowledgeCount,
  LIGHT_LETTERS,
  ping,
  PROTOCOL_VERSION,
  SENSOR_LETTERS,
  showLight,
  type ControllerState,
  type Identity,
} from './protocol.ts';
import { FittedSensors } from './sensors.ts';

export interface CabinetIoSurroundings extends SerialBus {
  readonly clock: Clock;
}

/** One controller, known by its identity, on an open line. */
interface Connected {
  readonly link: ControllerLink;
  readonly identity: Identity;
}

class SerialCabinetIo implements Driver<'cabinetIo'> {
  readonly deviceClass = 'cabinetIo';
  readonly handlers: CommandHandlers<'cabinetIo'>;
  readonly #options: CabinetIoOptions;
  readonly #with: CabinetIoSurroundings;
  readonly #status: StatusTeller;
  readonly #sensors: FittedSensors;
  readonly #kept: KeptOpen;
  /** What each light shows by command: put back after the controller was away, and off where never set. */
  readonly #wanted = new Map<Light, FlashRate>();
  readonly #acknowledging = new Set<CabinetSensor>();
  #connected: Connected | null = null;
  #nextSequence = 0;

  constructor(
    options: CabinetIoOptions,
    emit: EmitEvent<'cabinetIo'>,
    surroundings: CabinetIoSurroundings,
  ) {
    this.#options = options;
    this.#with = surroundings;
    this.#status = new StatusTeller((status) => emit('statusChanged', status));
    this.#sensors = new FittedSensors(options.sensors, (sensor, state) =>
      emit('sensorChanged', { sensor, state }),
    );
    this.#kept = new KeptOpen({
      clock: surroundings.clock,
      open: (lost) => this.#open(lost),
      say: (status) => this.#say(status),
    });
    const { sensors, lights } = options;
    this.handlers = {
      getStatus: () => Promise.resolve(ok({ ...this.#status.latest, sensors: this.#sensors.all })),
      getCapabilities: () => Promise.resolve(ok({ sensors, lights })),
      setLight: ({ light, flashRate }) => this.#setLight(light, flashRate),
      acknowledgeTamper: () => this.#acknowledgeTamper(),
    };
  }

  start(): Promise<void> {
    return this.#kept.start();
  }

  async stop(): Promise<void> {
    await this.#kept.stop();
    this.#connected = null;
  }

  #say(status: CommonStatus): void {
    if (status.state !== 'online') {
      this.#connected = null;
      this.#sensors.forget();
    }
    this.#status.tell(status);
  }

  async #open(lost: (status: CommonStatus) => void): Promise<Result<OpenDevice, CommonStatus>> {
    const { clock } = this.#with;
    const { place, baudRate } = this.#options;
    let identity: Identity | null = null;
    let lostAs: CommonStatus | null = null;
    const link = new ControllerLink({
      clock,
      firstSequence: this.#nextSequence,
      onState: (state) => {
        if (identity === null) return;
        if (state.start !== identity.start) {
          lose(away('restarted'));
          return;
        }
        this.#take(link, state);
      },
      onSilent: () => lose(away('silent')),
    });
    const handlers = {
      onBytes: (bytes: Uint8Array) => link.receive(bytes),
      onGone: () => lose(away('unplugged')),
    };
    const opened = await openAt(place, baudRate, handlers, this.#with);
    if (!opened.ok) return opened;
    const line = opened.value;
    link.attach(line);
    const close = async (): Promise<void> => {
      link.close();
      this.#nextSequence = link.nextSequence;
      await line.close();
    };
    const lose = (status: CommonStatus): void => {
      lostAs ??= status;
      void close();
      lost(status);
    };
    const giveUp = async (status: CommonStatus): Promise<Result<OpenDevice, CommonStatus>> => {
      await close();
      return err(lostAs ?? status);
    };
    const found = await link.identify();
    if (!found.ok) return giveUp(unanswered(found.error));
    const misfit = this.#misfitOf(found.value);
    if (misfit !== null) return giveUp(misfit);
    identity = found.value;
    this.#connected = { link, identity };
    const restored = await this.#restoreLights(this.#connected);
    if (!restored.ok) return giveUp(unanswered(restored.error));
    link.keepAlive();
    return ok({ close });
  }

  /** Null where the controller is one that this cabinet can do with. */
  #misfitOf({ version, sensors, lights }: Identity): CommonStatus | null {
    const misfit = (reason: string): CommonStatus => ({
      state: 'userError',
      reasons: [reason],
      requiredAction: 'configuration',
    });
    if (version !== PROTOCOL_VERSION) return misfit('protocolVersion');
    const missing = [
      ...this.#options.sensors.filter((sensor) => !sensors.includes(SENSOR_LETTERS[sensor])),
      ...this.#options.lights.filter((light) => !lights.includes(LIGHT_LETTERS[light])),
    ];
    return missing[0] === undefined ? null : misfit(`notFitted.${missing[0]}`);
  }

  /** Asks for the state first, so that only lights that differ are sent. */
  async #restoreLights({ link, identity }: Connected): Promise<Result<void, LinkFault>> {
    const state = await link.ask(ping);
    if (!state.ok) return state;
    for (const light of this.#options.lights) {
      const rate = this.#wanted.get(light) ?? 'off';
      if (rateOf(state.value, identity, light) === rate) continue;
      const shown = await link.ask(showLight(light, rate));
      if (!shown.ok) return shown;
    }
    return ok(undefined);
  }

  #take(link: ControllerLink, state: ControllerState): void {
    for (const sensor of this.#sensors.take(state.contacts)) {
      void this.#acknowledge(link, sensor);
    }
  }

  /** One at a time a sensor: states come faster than answers. What fails is due again with the next state. */
  async #acknowledge(link: ControllerLink, sensor: CabinetSensor): Promise<void> {
    const count = this.#sensors.toldCount(sensor);
    if (this.#acknowledging.has(sensor) || count === undefined) return;
    this.#acknowledging.add(sensor);
    await link.ask(acknowledgeCount(sensor, count));
    this.#acknowledging.delete(sensor);
  }

  async #setLight(
    light: Light,
    rate: FlashRate,
  ): Promise<Result<Record<string, never>, CommandFailure<'notFitted'>>> {
    if (!this.#options.lights.includes(light)) {
      return err({ kind: 'commandError', errorCode: 'notFitted' });
    }
    if (this.#connected === null) return err({ kind: 'deviceGone' });
    const { link, identity } = this.#connected;
    const shown = await link.ask(showLight(light, rate));
    if (!shown.ok) return err(failureOf(shown.error));
    if (rateOf(shown.value, identity, light) !== rate) {
      return err({ kind: 'hardwareError', reason: 'lightNotSet' });
    }
    this.#wanted.set(light, rate);
    return ok({});
  }

  async #acknowledgeTamper(): Promise<Result<Record<string, never>, CommandFailure<'notFitted'>>> {
    if (!this.#sensors.has('tamper')) return err({ kind: 'commandError', errorCode: 'notFitted' });
    if (this.#connected === null) return err({ kind: 'deviceGone' });
    const count = this.#sensors.toldCount('tamper');
    if (count === undefined) return err({ kind: 'notReady', reason: 'nothingTold' });
    const done = await this.#connected.link.ask(acknowledgeCount('tamper', count));
    return done.ok ? ok({}) : err(failureOf(done.error));
  }
}

const rateOf = (state: ControllerState, identity: Identity, light: Light): FlashRate | null =>
  state.rates[identity.lights.indexOf(LIGHT_LETTERS[light])] ?? null;

const unanswered = (fault: LinkFault): CommonStatus =>
  away(fault.kind === 'refused' ? 'controllerRefused' : 'silent');

function failureOf(fault: LinkFault): CommandFailure<'notFitted'> {
  switch (fault.kind) {
    case 'silent':
      return { kind: 'noAnswer' };
    case 'closed':
      return { kind: 'deviceGone' };
    case 'refused':
      return { kind: 'hardwareError', reason: fault.reason };
  }
}

export const makeCabinetIoFactory = (
  surroundings: CabinetIoSurroundings,
): DriverFactory<'cabinetIo', CabinetIoOptions> => ({
  deviceClass: 'cabinetIo',
  options: cabinetIoOptionsSchema,
  places: placesOf,
  real: true,
  create: (options, emit) => new SerialCabinetIo(options, emit, surroundings),
});

export const cabinetIoFactory = makeCabinetIoFactory({
  clock: systemClock,
  openLine: openSerialLine,
  listPorts: usbPorts,
});
