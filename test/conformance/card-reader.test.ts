import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { startPcscLab } from '../../scripts/lab/pcsc-lab.ts';
import { FINISHED } from '../drivers/host/host-under-test.ts';
import { VirtualCitizen } from '../drivers/pcsc-card-reader/virtual-citizen.ts';
import { cardReaderSuite, type CardReaderUnderTest } from './card-reader-suite.ts';
import { HostedDevice } from './hosted-device.ts';

async function openOnPcscd(sam: boolean): Promise<CardReaderUnderTest> {
  const dir = mkdtempSync(join(tmpdir(), 'anj-pcsc-'));
  const lab = await startPcscLab({ dir });
  const citizen = new VirtualCitizen(lab.virtualCardCommand);
  const device = await HostedDevice.open('cardReader', 'pcsc-ektp-reader', {
    readerPattern: lab.cardReaderName,
    samPattern: sam ? lab.samReaderName : null,
    csockName: lab.csockName,
  });
  if (sam) await device.events.until('statusChanged', isOnline);
  return {
    events: device.events,
    brokenState: 'offline',
    call: (command, params) => device.call(command, params),
    tap: (card, fault) => citizen.tap(card, fault),
    untap: () => citizen.untap(),
    breakDown: () => lab.killDaemon(),
    mend: () => lab.startDaemon(),
    async close() {
      const end = await device.close();
      const cardSaid = await citizen.leave();
      await lab.stop();
      rmSync(dir, { recursive: true });
      const { complaints } = device;
      expect({ end, complaints, cardSaid }).toEqual({
        end: FINISHED,
        complaints: '',
        cardSaid: '',
      });
    },
  };
}

/** The SAM is put in a moment after the daemon has started. */
const isOnline = (payload: unknown): boolean =>
  (payload as { readonly state: string }).state === 'online';

const contactless = { motorised: false, captureBin: false };

cardReaderSuite('an e-KTP reader with a SAM on a real pcscd', { ...contactless, sam: true }, () =>
  openOnPcscd(true),
);

cardReaderSuite(
  'an e-KTP reader without a SAM on a real pcscd',
  { ...contactless, sam: false },
  () => openOnPcscd(false),
);
