import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { CitizenClient } from '../../../scripts/stack/citizen-client.ts';
import {
  applyAndApprove,
  tapCard,
  type Approved,
  type Resident,
} from '../../../scripts/stack/resident.ts';
import type { Outcome } from '../../../src/domain/attempt.ts';
import type { DocumentKind } from '../../../src/domain/document.ts';
import { Citizen, PRINT_MS } from '../../journey/support/citizen.ts';
import type { World } from './world.ts';

export const scriptNames = ['ktpEl', 'replacement', 'kia', 'kk'] as const;
export type ScriptName = (typeof scriptNames)[number];

interface Role {
  readonly documentKind: DocumentKind;
  readonly reason: 'lost' | 'damaged' | 'changed';
  /** Whom the document is about, and who comes for it. */
  readonly cast: (world: World) => { readonly subject: Resident; readonly comes: Resident };
}

const slotState = z.object({ motorReader: z.object({ mouth: z.unknown() }) });
const requestState = z.looseObject({ state: z.string() });
const alone = (one: Resident) => ({ subject: one, comes: one });
const roles: Readonly<Record<ScriptName, Role>> = {
  ktpEl: { documentKind: 'ktpEl', reason: 'lost', cast: ({ people }) => alone(people.adult()) },
  replacement: {
    documentKind: 'ktpEl',
    reason: 'damaged',
    cast: ({ people }) => alone(people.adult()),
  },
  kia: {
    documentKind: 'kia',
    reason: 'lost',
    cast: ({ people }) => {
      const { mother, child } = people.motherAndChild();
      return { subject: child, comes: mother };
    },
  },
  kk: { documentKind: 'kk', reason: 'changed', cast: ({ people }) => alone(people.head(3, 5)) },
};

/** What a session ended with: an outcome, nothing on the list any more, or a terminal that serves nobody. */
export type SessionEnd = Outcome | 'nothingReady' | 'outOfService';

/** By what a citizen is known: a NIK that is typed, a code that is scanned, an e-KTP that is tapped. */
export type Way = 'typed' | 'scanned' | 'tapped';

/** How a session is gone through. */
interface Manner {
  readonly comes?: Way;
  readonly collects?: boolean;
  /** Called once a finger of the holder is waited for. */
  readonly onFingerAsked?: () => Promise<void>;
  readonly beforeTaking?: () => Promise<void>;
}

/** One of the four scripted citizens, who comes again and again with a new request each time. */
export class Visitor {
  readonly name: ScriptName;
  readonly #world: World;
  readonly #subject: Resident;
  readonly #comes: Resident;
  /** On the chip of their e-KTP: bytes of its own, framed like a photo. */
  readonly cardPhoto: Buffer;
  #pin = '';
  #approved: Approved | null = null;

  constructor(world: World, name: ScriptName) {
    this.name = name;
    this.#world = world;
    const { subject, comes } = roles[name].cast(world);
    this.#subject = subject;
    this.#comes = comes;
    this.cardPhoto = photoOfBytes(randomBytes(3_000));
  }

  /** Whom the documents are about, and who comes for them. */
  get cast(): readonly [Resident, Resident] {
    return [this.#subject, this.#comes];
  }

  get request(): Approved {
    if (this.#approved === null) throw new Error('the visitor has applied for nothing');
    return this.#approved;
  }

  /**
   * A new request, approved; the one before where that still waits to be printed. The PIN is the one that
   * came with the first.
   */
  async apply(): Promise<Approved> {
    const before = await this.#closeLast();
    if (before !== null) return before;
    const { documentKind, reason } = roles[this.name];
    this.#approved = await applyAndApprove(this.#world, {
      documentKind,
      reason,
      personId: this.#subject.personId,
      ...(this.#subject === this.#comes ? {} : { applicantNik: this.#comes.nik }),
    });
    if (this.#approved.pin !== '') this.#pin = this.#approved.pin;
    return this.#approved;
  }

  /**
   * One open request a person and document: what a card drawn back left open is handed over at the desk.
   * Returns the last request where it is still ready.
   */
  async #closeLast(): Promise<Approved | null> {
    if (this.#approved === null) return null;
    const { front } = this.#world;
    const { requestId } = this.#approved;
    const { state } = await front.get(`/front/api/requests/${requestId}`, requestState);
    if (state === 'siapCetak') return this.#approved;
    if (state === 'diserahkan') return null;
    const decision = { to: 'diserahkan', by: 'Petugas', note: null };
    await front.post(`/front/api/applications/${requestId}/decide`, decision);
    return null;
  }

  /** Where the registry prints no more because blanks were spoiled, an officer lets it be tried again. */
  async askOfficer(): Promise<void> {
    const { front } = this.#world;
    const { requestId } = this.request;
    const { state } = await front.get(`/front/api/requests/${requestId}`, requestState);
    if (state !== 'gagalCetak') return;
    const decision = { to: 'siapCetak', by: 'Petugas', note: null };
    await front.post(`/front/api/applications/${requestId}/decide`, decision);
  }

  /**
   * One session from the welcome to the goodbye, for the request applied for. Rejects where core goes
   * away or the screen comes to nothing. Who does not collect leaves a card where it lies; `beforeTaking`
   * is called once it lies there.
   */
  async session({ comes = 'typed', ...manner }: Manner = {}): Promise<SessionEnd> {
    const client = await CitizenClient.connect(this.#world.core.endpoints.citizenSocket);
    try {
      const citizen = new Citizen(this.#world, client);
      const first = await citizen.see(['welcome', 'outOfService']);
      if (first.screen.name === 'outOfService') return 'outOfService';
      await this.#identify(citizen, comes);
      const end = await this.#print(citizen, manner);
      await citizen.leave();
      return end;
    } finally {
      client.close();
    }
  }

  /** To the list, or the end of what nobody may print; by a code to the document behind it. */
  async #identify(citizen: Citizen, comes: Way): Promise<void> {
    const listed = ['chooseDocument', 'goodbye', 'takeYourCard'] as const;
    switch (comes) {
      case 'typed':
        await citizen.typeNik(this.#comes.nik);
        break;
      case 'tapped':
        await tapCard(this.#world, this.#comes, null, this.cardPhoto);
        await citizen.see('enterPin');
        break;
      case 'scanned':
        await citizen.comeByCode(this.request);
        return;
    }
    await citizen.press({ kind: 'submitPin', pin: this.#pin }, listed);
  }

  /** Pushes the old card in; where it still lies in the mouth, because core died before, it is pulled out first. */
  async #surrender(): Promise<void> {
    const { panel } = this.#world;
    const inMouth = async (): Promise<boolean> => {
      const { motorReader } = await panel.get('/api/state', slotState);
      return motorReader.mouth !== null;
    };
    if (await inMouth()) {
      try {
        await panel.post('/api/slot/take', {});
      } catch (cause) {
        if (await inMouth()) throw cause;
        // The reader drew it in under the hand: it is surrendered.
        return;
      }
    }
    await panel.post('/api/slot/insert', { uidHex: this.#subject.ektpUid });
  }

  /** Comes again while nothing was printed, as a slow machine makes it. */
  async untilPrinted(beforeEach: () => void = () => undefined): Promise<SessionEnd> {
    for (let tries = 1; ; tries += 1) {
      await this.apply();
      beforeEach();
      const end = await this.session();
      if (end !== 'notPrinted' || tries === 5) return end;
    }
  }

  async #print(
    citizen: Citizen,
    { collects = true, onFingerAsked, beforeTaking }: Manner,
  ): Promise<SessionEnd> {
    const { screen } = citizen.client.view;
    const { requestId, printCode } = this.request;
    if (screen.name !== 'confirm') {
      if (screen.name !== 'chooseDocument') return 'nothingReady';
      const listed = screen.documents.find((one) => one.requestId === requestId);
      if (listed?.unavailable !== null) return 'nothingReady';
      await citizen.choose(requestId);
    }
    const goesOn = ['printing', 'surrenderCard', 'takeCard', 'takePaper', 'result'] as const;
    let begun = await citizen.press({ kind: 'confirmPrint' }, [...goesOn, 'enterPrintCode']);
    if (begun.screen.name === 'enterPrintCode') {
      begun = await citizen.press({ kind: 'submitPrintCode', printCode }, goesOn);
    }
    if (begun.screen.name === 'surrenderCard') {
      await this.#surrender();
    }
    if (onFingerAsked !== undefined) {
      await citizen.see('placeFinger', PRINT_MS);
      await onFingerAsked();
    }
    if (beforeTaking !== undefined) {
      await citizen.see(['takeCard', 'takePaper'], PRINT_MS);
      await beforeTaking();
    }
    const { screen: result } = await (collects ? citizen.take() : citizen.see('result', PRINT_MS));
    return result.outcome;
  }
}

/** ITU-T T.81: start, a comment with the bytes, end. */
function photoOfBytes(bytes: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length + 2);
  return Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0xfe), length, bytes, Buffer.of(0xff, 0xd9)]);
}
