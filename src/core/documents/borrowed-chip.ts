import type { Socket } from 'node:net';
import type { CardChannel } from '../../../drivers/contract/card-channel.ts';
import { cardPrinterCommands } from '../../../drivers/contract/card-printer.ts';
import type { CommandResult } from '../../../drivers/contract/driver.ts';
import { fromCompletion, type Completion } from '../../../drivers/contract/completion.ts';
import { attachJsonLines } from '../../base/json-lines.ts';
import { err } from '../../base/result.ts';
import { chipChannel } from '../../issuance/chip-channel.ts';

type Answer = CommandResult<'cardPrinter', 'transmitToChip'>;

/** The chip at the station of a host that lends it over this socket, for as long as it stays open. */
export function borrowedChip(socket: Socket): CardChannel {
  let waiting: ((answer: Answer) => void) | null = null;
  let open = true;
  const tell = (answer: Answer): void => {
    waiting?.(answer);
    waiting = null;
  };
  const gone: Answer = err({ kind: 'deviceGone' });
  const write = attachJsonLines(socket, {
    onFrame: (frame) =>
      // `fromCompletion` holds the answer against the command's own results.
      tell(fromCompletion(cardPrinterCommands.transmitToChip, frame as Completion) as Answer),
    onClose: () => {
      open = false;
      tell(gone);
    },
  });
  return chipChannel(
    (params) =>
      new Promise((resolve) => {
        waiting = resolve;
        if (open) write(params);
        else tell(gone);
      }),
  );
}
