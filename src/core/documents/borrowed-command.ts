import type { Socket } from 'node:net';
import { fromCompletion, type Completion } from '../../../drivers/contract/completion.ts';
import { findCommand, type CommandName } from '../../../drivers/contract/device-classes.ts';
import type { CommandResult, Params } from '../../../drivers/contract/driver.ts';
import type { DeviceClass } from '../../../drivers/contract/words.ts';
import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import { attachJsonLines } from '../../base/json-lines.ts';
import { err } from '../../base/result.ts';

/**
 * One command of a device whose host lends it over this socket, for as long as it stays open. An answer that does
 * not come within the command's own time hangs up: what came later would be taken for another's.
 */
export function borrowedCommand<C extends DeviceClass, N extends CommandName<C>>(
  deviceClass: C,
  command: N,
  socket: Socket,
  clock: Clock,
): (params: Params<C, N>) => Promise<CommandResult<C, N>> {
  type Answer = CommandResult<C, N>;
  const spec = findCommand(deviceClass, command);
  assert(spec !== undefined, 'only a command of its class is lent');
  const failed = (kind: 'deviceGone' | 'noAnswer') => err({ kind }) as Answer;
  let waiting: ((answer: Answer) => void) | null = null;
  let open = true;
  const tell = (answer: Answer): void => {
    waiting?.(answer);
    waiting = null;
  };
  const write = attachJsonLines(socket, {
    // `fromCompletion` holds the answer against the command's own results.
    onFrame: (frame) => tell(fromCompletion(spec, frame as Completion) as Answer),
    onClose: () => {
      open = false;
      tell(failed('deviceGone'));
    },
  });
  return async (params) => {
    if (!open) return failed('deviceGone');
    const answered = Promise.withResolvers<Answer>();
    waiting = answered.resolve;
    const timer = clock.after(spec.timeoutMs, () => {
      tell(failed('noAnswer'));
      socket.destroy();
    });
    write(params);
    const answer = await answered.promise;
    timer.cancel();
    return answer;
  };
}
