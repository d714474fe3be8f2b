import type { CardChannel } from '../../drivers/contract/card-channel.ts';
import type { CommandResult, Params } from '../../drivers/contract/driver.ts';
import { err, ok } from '../base/result.ts';

type Give = (
  params: Params<'cardPrinter', 'transmitToChip'>,
) => Promise<CommandResult<'cardPrinter', 'transmitToChip'>>;

/** A printer's contactless station as one more card channel, over its command as `give` gives it. */
export const chipChannel = (give: Give): CardChannel => ({
  async transmit(apdu) {
    const answer = await give({ apduHex: Buffer.from(apdu).toString('hex') });
    if (answer.ok) return ok(Buffer.from(answer.value.responseHex, 'hex'));
    switch (answer.error.kind) {
      case 'commandError':
        return err({ kind: answer.error.errorCode === 'noMedia' ? 'cardRemoved' : 'cardSilent' });
      case 'noAnswer':
      case 'hardwareError':
      case 'canceled':
      case 'invalidData':
        return err({ kind: 'cardSilent' });
      case 'notReady':
      case 'unsupported':
      case 'deviceGone':
        return err({ kind: 'readerGone' });
    }
  },
});
