import type { CardChannel } from '../../../drivers/contract/card-channel.ts';
import { err, ok } from '../../base/result.ts';
import type { AttemptRun } from '../attempt-run.ts';

/** The printer's contactless station as one more card channel. */
export const chipChannel = (run: AttemptRun): CardChannel => ({
  async transmit(apdu) {
    const answer = await run.cardPrinter.execute(
      'transmitToChip',
      { apduHex: Buffer.from(apdu).toString('hex') },
      { sessionId: run.sessionId },
    );
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
