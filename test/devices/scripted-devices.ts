import { FakeClock } from '../../src/base/fake-clock.ts';
import type { DeviceConfig, DeviceSupervisor, DeviceTrouble } from '../../src/devices/ports.ts';
import type { SupervisorOptions } from '../../src/devices/supervisor.ts';
import type { CardPrinterStatus } from '../../drivers/contract/card-printer.ts';
import type { CommonStatus } from '../../drivers/contract/words.ts';
import { ControlChannel, Queue, type Director } from '../drivers/host/control-channel.ts';

export const online: CommonStatus = { state: 'online', reasons: [], requiredAction: 'none' };

export const printerStatus: CardPrinterStatus = {
  ...online,
  media: 'notPresent',
  feeders: [{ name: 'left', blankKind: 'kia', level: 'full' }],
  ribbon: 'full',
  rejectBin: 'ok',
  counters: null,
};

export const printerCapabilities = {
  completedMeans: 'deviceReported',
  exitSensor: true,
  retract: true,
  rejectBin: true,
  rejectCount: true,
  cardPosition: true,
  counters: false,
  flip: false,
  contactless: false,
  serialReader: false,
  feeders: [{ name: 'left', blankKind: 'kia' }],
};

export const scannerCapabilities = { switchable: false, framed: false };

/** A card printer and a code scanner in real host processes, on a clock that the test moves. */
export class ScriptedDevices {
  readonly clock = new FakeClock();
  readonly control: ControlChannel;
  readonly printer: Director;
  readonly scanner: Director;
  readonly troubles: DeviceTrouble[] = [];
  readonly #waiting = new Map<string, Queue<DeviceTrouble>>();

  private constructor(control: ControlChannel) {
    this.control = control;
    this.printer = this.directPrinter('printer');
    this.scanner = control.director('scanner');
    this.scanner.automatic.set('getCapabilities', () => ({ ok: true, value: scannerCapabilities }));
    this.scanner.automatic.set('getStatus', () => ({ ok: true, value: online }));
  }

  static async open(): Promise<ScriptedDevices> {
    return new ScriptedDevices(await ControlChannel.open());
  }

  /** Directs a printer of that name, healthy until the test says otherwise. */
  directPrinter(name: string): Director {
    const director = this.control.director(name);
    director.automatic.set('getCapabilities', () => ({ ok: true, value: printerCapabilities }));
    director.automatic.set('getStatus', () => ({ ok: true, value: printerStatus }));
    return director;
  }

  config(name: 'printer' | 'scanner', more: Partial<DeviceConfig> = {}): DeviceConfig {
    const isPrinter = name === 'printer';
    return {
      name,
      deviceClass: isPrinter ? 'cardPrinter' : 'codeScanner',
      driver: isPrinter ? 'scripted-card-printer' : 'scripted-code-scanner',
      options: { device: name, control: this.control.path },
      ...more,
    };
  }

  readonly onTrouble = (trouble: DeviceTrouble): void => {
    this.troubles.push(trouble);
    this.#queue(trouble.kind).push(trouble);
  };

  /** The next trouble of that kind which was not awaited yet. */
  async trouble<K extends DeviceTrouble['kind']>(
    kind: K,
  ): Promise<Extract<DeviceTrouble, { kind: K }>> {
    return (await this.#queue(kind).next()) as Extract<DeviceTrouble, { kind: K }>;
  }

  /** Waits for the host's end, lets the back-off pass, and waits until the devices were asked how they are. */
  async letHostRestart(supervisor: DeviceSupervisor, deviceName = 'printer'): Promise<void> {
    const exited = await this.trouble('hostExited');
    const back = nextHealth(supervisor, deviceName, 'online');
    this.clock.advance(exited.restartInMs);
    await back;
  }

  options(devices: readonly DeviceConfig[], hostEntry: string): SupervisorOptions {
    return { devices, clock: this.clock, hostEntry, onTrouble: this.onTrouble };
  }

  #queue(kind: string): Queue<DeviceTrouble> {
    const queue = this.#waiting.get(kind) ?? new Queue();
    this.#waiting.set(kind, queue);
    return queue;
  }
}

/** Completes when the device next enters that state. */
export function nextHealth(
  supervisor: DeviceSupervisor,
  name: string,
  state: CommonStatus['state'],
): Promise<void> {
  return new Promise((resolve) => {
    const end = supervisor.on('healthChanged', (health) => {
      if (health.name !== name || health.state !== state) return;
      end();
      resolve();
    });
  });
}
