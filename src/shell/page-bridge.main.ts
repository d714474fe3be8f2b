import type { IpcMainEvent, WebContents } from 'electron';
import { citizenToCoreSchema, type CitizenToCore } from '../rpc/citizen.ts';
import { channels } from './channels.ts';
import { log } from './log.main.ts';
import { CITIZEN_PAGE } from './page-files.main.ts';

export interface PageVoice {
  readonly onHello: () => void;
  readonly onBeat: () => void;
  readonly onFrame: (frame: CitizenToCore) => void;
}

/** Hears one page: only its top frame, only while it shows our page, only frames that parse. */
export function hearPage(contents: WebContents, voice: PageVoice): void {
  contents.ipc.on(channels.hello, (event) => {
    if (isOurPage(event)) voice.onHello();
  });
  contents.ipc.on(channels.beat, (event) => {
    if (isOurPage(event)) voice.onBeat();
  });
  contents.ipc.on(channels.toCore, (event, raw: unknown) => {
    if (!isOurPage(event)) {
      log('frameFromElsewhere');
      return;
    }
    const frame = citizenToCoreSchema.safeParse(raw);
    if (frame.success) voice.onFrame(frame.data);
    else log('frameRefused');
  });
}

/** A frame that went away meanwhile is null, or throws when it is asked for its address. */
function isOurPage({ sender, senderFrame }: IpcMainEvent): boolean {
  if (senderFrame === null || sender.isDestroyed()) return false;
  return senderFrame === sender.mainFrame && senderFrame.url === CITIZEN_PAGE;
}
