import type { Socket } from 'node:net';
import type { CardChannel } from '../../../drivers/contract/card-channel.ts';
import { cardPrinterCommands } from '../../../drivers/contract/card-printer.ts';
import type { CommandResult } from '../../../drivers/contract/driver.ts';
import { fromCompletion, type Completion } from '../../../drivers/contract/completion.ts';
import type { Clock } from '../../base/clock.ts';
import { attachJsonLines } from '../../base/json-lines.ts';
import { err } from '../../base/result.ts';
import { chipChannel } from '../../issuance/chip-channel.ts';

type Answer = CommandResult<'cardPrinter', 'transmitToChip'>;

const { transmitToChip } = cardPrinterCommands;

/**
 * The chip at the station of a host that lends it over this socket, for as long as it stays open. An answer
 * that does not come within the command's own time hangs up: what came later would be taken for another's.
 */
export function borrowedChip(socket: Socket, clock: Clock): CardChannel {
  let waiting: ((answer: Answer) => void) | null = null;
  let open = true;
  const tell = (answer: Answer): void => {
    waiting?.(answer);
    waiting = null;
  };
  const write = attachJsonLines(socket, {
    // `fromCompletion` holds the answer against the command's own results.
    onFrame: (frame) => tell(fromCompletion(transmitToChip, frame as Completion) as Answer),
    onClose: () => {
      open = false;
      tell(err({ kind: 'deviceGone' }));
    },
  });
  return chipChannel(async (params) => {
    if (!open) return err({ kind: 'deviceGone' });
    const answered = Promise.withResolvers<Answer>();
    waiting = answered.resolve;
    const timer = clock.after(transmitToChip.timeoutMs, () => {
      tell(err({ kind: 'noAnswer' }));
      socket.destroy();
    });
    write(params);
    const answer = await answered.promise;
    timer.cancel();
    return answer;
  });
}
