import { createConnection, type Socket } from 'node:net';
import * as z from 'zod';
import { attachJsonLines } from '../../../src/base/json-lines.ts';
import { deviceClasses } from '../../../drivers/contract/device-classes.ts';
import type { CommandHandlers, Driver, DriverFactory } from '../../../drivers/contract/driver.ts';
import type { DeviceClass } from '../../../drivers/contract/words.ts';
import type { AnyDriverFactory } from '../../../drivers/host/catalogue.ts';
import type { FromScripted, ToScripted } from './control-channel.ts';

const optionsSchema = z.strictObject({
  device: z.string(),
  control: z.string(),
  /** Never lets go of its device, or throws instead. */
  atStop: z.enum(['letsGo', 'hangs', 'throws']).default('letsGo'),
});
type Options = z.infer<typeof optionsSchema>;

/** A driver that decides nothing: it passes each command to the test and does what the test says. */
export function scriptedFactory(deviceClass: DeviceClass): AnyDriverFactory {
  const factory: DriverFactory<DeviceClass, Options> = {
    deviceClass,
    options: optionsSchema,
    real: false,
    create: (options, emit) => {
      const calls = new Map<number, PromiseWithResolvers<unknown>>();
      let socket: Socket | null = null;
      let send: (frame: FromScripted) => void = () => undefined;
      const receive = (frame: ToScripted): void => {
        if (frame.type === 'kill') process.kill(process.pid, 'SIGKILL');
        if (frame.type === 'emit') emit(frame.event as 'statusChanged', frame.payload as never);
        if (frame.type === 'answer') calls.get(frame.call)?.resolve(frame.answer);
        if (frame.type === 'throw') calls.get(frame.call)?.reject(new Error(frame.message));
      };
      const call = (
        command: string,
        params: unknown,
        signal: AbortSignal | undefined,
      ): Promise<unknown> => {
        const number = calls.size;
        const pending = Promise.withResolvers<unknown>();
        calls.set(number, pending);
        send({
          type: 'call',
          call: number,
          command,
          params,
          canBeCalledBack: signal !== undefined,
        });
        signal?.addEventListener('abort', () => send({ type: 'calledBack', call: number }));
        return pending.promise;
      };
      const handlers = Object.fromEntries(
        Object.keys(deviceClasses[deviceClass].commands).map((command) => [
          command,
          (params: unknown, signal?: AbortSignal) => call(command, params, signal),
        ]),
      ) as unknown as CommandHandlers<DeviceClass>;
      const driver: Driver = {
        deviceClass,
        handlers,
        async start() {
          const connection = createConnection(options.control);
          await new Promise<void>((resolve) => connection.once('connect', resolve));
          socket = connection;
          send = attachJsonLines(connection, {
            onFrame: (frame) => receive(frame as ToScripted),
            onClose: () => undefined,
          });
          const variables = Object.keys(process.env);
          send({ type: 'hello', device: options.device, pid: process.pid, variables });
        },
        async stop() {
          send({ type: 'stopped' });
          if (options.atStop === 'hangs') await new Promise(() => undefined);
          if (options.atStop === 'throws') throw new Error('SITI AMINAH');
          socket?.end();
        },
      };
      return driver;
    },
  };
  return factory;
}
