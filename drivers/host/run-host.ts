import type { Duplex } from 'node:stream';
import { assertNever } from '../../src/base/assert.ts';
import { attachJsonLines } from '../../src/base/json-lines.ts';
import {
  toHostSchema,
  type ConfiguredDevice,
  type FromHost,
  type ToHost,
} from '../contract/wire.ts';
import type { Catalogue } from './catalogue.ts';
import { Dispatcher } from './dispatcher.ts';
import type { ExitPolicy } from './exit-policy.ts';
import { openDevice, type OpenDevice } from './open-device.ts';

export interface HostOptions {
  readonly catalogue: Catalogue;
  /** JSON lines to and from core. */
  readonly stream: Duplex;
  readonly policy: ExitPolicy;
}

/** Long enough to close a port, short enough that a new core finds the devices free. */
const STOP_LIMIT_MS = 2_000;

/** Serves core over `stream` until it closes; then stops the drivers and ends the process. */
export function runHost({ catalogue, stream, policy }: HostOptions): void {
  const devices = new Map<string, { device: OpenDevice; dispatcher: Dispatcher }>();
  let openSeen = false;

  const write = attachJsonLines(stream, {
    onFrame: (frame) => {
      const parsed = toHostSchema.safeParse(frame);
      if (parsed.success) receive(parsed.data);
      else policy.badFrame('unknown frame');
    },
    onClose: (reason) => {
      if (reason.kind === 'ended') stopAll().catch(policy.stopThrew);
      else policy.badFrame(reason.kind);
    },
  });
  const send = (frame: FromHost): void => write(frame);

  function receive(frame: ToHost): void {
    switch (frame.type) {
      case 'open':
        if (openSeen) policy.badFrame('opened twice');
        openSeen = true;
        openAll(frame.devices).catch(policy.crashed);
        return;
      case 'command':
        dispatcherOf(frame.device).accept(frame).catch(policy.crashed);
        return;
      case 'lend':
        dispatcherOf(frame.device).lend(frame).catch(policy.crashed);
        return;
      case 'cancel':
        dispatcherOf(frame.device).cancel(frame.requestId);
        return;
      default:
        assertNever(frame);
    }
  }

  function dispatcherOf(device: string): Dispatcher {
    const entry = devices.get(device);
    return entry?.dispatcher ?? policy.badFrame('command for a device that is not open');
  }

  async function openAll(requests: readonly ConfiguredDevice[]): Promise<void> {
    const opened = await Promise.all(requests.map((request) => openOne(request)));
    send({ type: 'opened', devices: opened.flat() });
  }

  async function openOne(request: ConfiguredDevice) {
    const { name, deviceClass, driver: driverName } = request;
    const device = await openDevice(request, {
      catalogue,
      emit: (event, payload) => send({ type: 'unsolicited', device: name, event, payload }),
      log: policy.log,
    });
    if (!device.ok) {
      send({ type: 'openFailed', device: name, fault: device.error });
      return [];
    }
    const { driver, real } = device.value;
    const dispatcher = new Dispatcher({ name, driver, send, log: policy.log });
    devices.set(name, { device: device.value, dispatcher });
    return [{ name, deviceClass, driver: driverName, real }];
  }

  /** A driver that cannot let go in time is cut off as the process ends: the device matters more to the next host. */
  async function stopAll(): Promise<void> {
    setTimeout(() => policy.finished(), STOP_LIMIT_MS);
    await Promise.all([...devices.values()].map(({ device }) => device.driver.stop()));
    policy.finished();
  }
}
