import { err, ok, type Result } from '../../src/base/result.ts';
import type { CardChannel, ChannelError } from '../contract/card-channel.ts';
import type { CardReaderStatus } from '../contract/card-reader.ts';
import type { CommandResult, Driver, EmitEvent } from '../contract/driver.ts';
import type { CommonStatus } from '../contract/words.ts';
import { cardFailure, ended, runReading, samFailure, type ReadFailure } from './read-session.ts';

type SlotState = 'absent' | 'empty' | 'mute' | 'present';

export interface SlotsState {
  /** What keeps us from the reader of the card, and from that of the SAM; null where nothing does. */
  readonly trouble: CommonStatus | null;
  readonly samTrouble: CommonStatus | null;
  readonly card: SlotState;
  readonly sam: SlotState | 'notFitted';
}

export interface OpenedChannel extends CardChannel {
  /** Ends the exclusive use. Completes when the slot is free for others. */
  close(): Promise<void>;
}

type Opened = Promise<Result<OpenedChannel, ChannelError | { readonly kind: 'inUse' }>>;

/** A slot for the citizen's card and one for the SAM, over PC/SC, raw CCID or anything like it. */
export interface CardAndSamSlots {
  start(): Promise<void>;
  stop(): Promise<void>;
  state(): SlotsState;
  readonly events: { on(event: 'changed', listener: (state: SlotsState) => void): () => void };
  openCard(): Opened;
  openSam(): Opened;
}

export interface EKtpReaderOptions {
  /** The 32 bytes that open the SAM; null where none is fitted, and a card is then only `present`. */
  readonly samOpenBody: Uint8Array | null;
}

/** A card reader of the contract's class, made of two slots and the e-KTP's command sequence. */
export function createEKtpReader(
  slots: CardAndSamSlots,
  options: EKtpReaderOptions,
  emit: EmitEvent<'cardReader'>,
): Driver<'cardReader'> {
  const unsupported = (): Promise<{ ok: false; error: { kind: 'unsupported' } }> =>
    Promise.resolve({ ok: false, error: { kind: 'unsupported' } });
  let stopFollowing = (): void => undefined;
  return {
    deviceClass: 'cardReader',
    async start() {
      stopFollowing = follow(slots, emit);
      await slots.start();
    },
    async stop() {
      stopFollowing();
      await slots.stop();
    },
    handlers: {
      getStatus: () => Promise.resolve(ok(statusOf(slots.state()))),
      getCapabilities: () =>
        Promise.resolve(
          ok({ motorised: false, captureBin: false, sam: options.samOpenBody !== null }),
        ),
      readIdentity: (_, signal) => readIdentity(slots, options.samOpenBody, signal),
      acceptCard: unsupported,
      captureCard: unsupported,
      returnCard: unsupported,
    },
  };
}

async function readIdentity(
  slots: CardAndSamSlots,
  samOpenBody: Uint8Array | null,
  signal: AbortSignal | undefined,
): Promise<CommandResult<'cardReader', 'readIdentity'>> {
  const { trouble, card: cardSlot } = slots.state();
  if (trouble !== null || cardSlot === 'absent') {
    const [reason = 'readerMissing'] = commonStatusOf(slots.state()).reasons;
    return err({ kind: 'notReady', reason });
  }
  if (cardSlot === 'empty') return err(ended('noCard'));
  if (cardSlot === 'mute') return err(ended('cardSilent'));
  const card = await slots.openCard();
  if (!card.ok) return err(openFailure(card.error, cardFailure));
  try {
    return await readWith(slots, card.value, samOpenBody, signal);
  } finally {
    await card.value.close();
  }
}

async function readWith(
  slots: CardAndSamSlots,
  card: CardChannel,
  samOpenBody: Uint8Array | null,
  signal: AbortSignal | undefined,
): Promise<CommandResult<'cardReader', 'readIdentity'>> {
  if (samOpenBody === null) {
    const reading = await runReading({ card, sam: null }, signal);
    return reading.ok ? ok({ assurance: 'present', uidHex: reading.value.uidHex }) : reading;
  }
  const sam = await slots.openSam();
  if (!sam.ok) {
    // A SAM whose slot is not even listed is missing too; only for the card does that mean the device.
    const missing = sam.error.kind === 'readerGone' && slots.state().trouble === null;
    return err(missing ? ended('samMissing') : openFailure(sam.error, samFailure));
  }
  try {
    const channels = { card, sam: { channel: sam.value, openBody: samOpenBody } };
    const reading = await runReading(channels, signal);
    if (!reading.ok) return reading;
    const { uidHex, biodata } = reading.value;
    if (biodata === null) return err(ended('biodataUnreadable'));
    return ok({ assurance: 'authenticated', uidHex, biodata });
  } finally {
    await sam.value.close();
  }
}

function openFailure(
  error: ChannelError | { readonly kind: 'inUse' },
  failureOf: (error: ChannelError) => ReadFailure,
): ReadFailure {
  return error.kind === 'inUse' ? { kind: 'notReady', reason: 'readerInUse' } : failureOf(error);
}

function commonStatusOf({ trouble, samTrouble, card, sam }: SlotsState): CommonStatus {
  if (trouble !== null) return trouble;
  if (card === 'absent') {
    return { state: 'noDevice', reasons: ['readerMissing'], requiredAction: 'maintenance' };
  }
  if (sam === 'absent') {
    return {
      state: 'hardwareError',
      reasons: ['samSlotMissing', ...(samTrouble?.reasons ?? [])],
      requiredAction: samTrouble?.requiredAction ?? 'maintenance',
    };
  }
  if (sam === 'empty' || sam === 'mute') {
    return { state: 'hardwareError', reasons: ['samMissing'], requiredAction: 'maintenance' };
  }
  return { state: 'online', reasons: [], requiredAction: 'none' };
}

function cardPositionOf({ trouble, card }: SlotsState): CardReaderStatus['card'] {
  if (trouble !== null || card === 'absent') return 'unknown';
  return card === 'empty' ? 'notPresent' : 'present';
}

function statusOf(state: SlotsState): CardReaderStatus {
  return {
    ...commonStatusOf(state),
    card: cardPositionOf(state),
    captureBin: 'notSupported',
    capturedCount: null,
  };
}

/** Turns changes of the slots into the class's events. Returns the function that ends it. */
function follow(slots: CardAndSamSlots, emit: EmitEvent<'cardReader'>): () => void {
  let reported = JSON.stringify(commonStatusOf(slots.state()));
  let cardSeen = false;
  let interrupted = false;
  return slots.events.on('changed', (state) => {
    const common = commonStatusOf(state);
    const text = JSON.stringify(common);
    if (text !== reported) {
      reported = text;
      emit('statusChanged', common);
    }
    const card = cardPositionOf(state);
    if (card === 'unknown') {
      interrupted = true;
      return;
    }
    const present = card === 'present';
    // After a gap the card in the slot may be another one: it counts as taken out and put in.
    if (cardSeen && (!present || interrupted)) emit('cardRemoved', {});
    if (present && (!cardSeen || interrupted)) emit('cardInserted', {});
    cardSeen = present;
    interrupted = false;
  });
}
