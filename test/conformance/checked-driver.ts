import { expect } from '@jest/globals';
import type { CommandTable } from '../../drivers/contract/command.ts';
import { checkedAnswer } from '../../drivers/contract/completion.ts';
import { deviceClasses } from '../../drivers/contract/device-classes.ts';
import type { CommandHandlers, Driver } from '../../drivers/contract/driver.ts';
import type { DeviceClass } from '../../drivers/contract/words.ts';

type Handler = (params: unknown) => Promise<unknown>;

/** The driver's commands, each answer held against the class, as the host does. */
export function checked<C extends DeviceClass>(driver: Driver<C>): CommandHandlers<C> {
  const handlers = driver.handlers as Readonly<Record<string, Handler | undefined>>;
  const commands: CommandTable = deviceClasses[driver.deviceClass].commands;
  const entries = Object.entries(commands).map(([name, spec]) => [
    name,
    async (params: unknown) => {
      const answer = checkedAnswer(spec, await handlers[name]?.(params));
      expect(answer.breach).toBeUndefined();
      return answer;
    },
  ]);
  return Object.fromEntries(entries) as CommandHandlers<C>;
}

export function valueOf<T>(answer: { ok: true; value: T } | { ok: false; error: unknown }): T {
  if (!answer.ok) throw new Error(`the device refused: ${JSON.stringify(answer.error)}`);
  return answer.value;
}
