import { connect, type Socket } from 'node:net';
import { attachJsonLines } from '../base/json-lines.ts';
import { coreToCitizenSchema, type CitizenToCore } from '../rpc/citizen.ts';
import type { FrameToPage } from './channels.ts';
import { log } from './log.main.ts';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 5000;
/** More than this unread by core is a page gone mad; what it says beyond is dropped. */
const MAX_UNSENT_BYTES = 64 * 1024;

/** The citizen's socket of core, connected again whenever it breaks. Only frames that parse pass, both ways. */
export class CoreLink {
  readonly #socketPath: string;
  readonly #onFrame: (frame: FrameToPage) => void;
  #current: FrameToPage = { type: 'away' };
  #socket: Socket | null = null;
  #write: ((frame: CitizenToCore) => void) | null = null;
  #retryMs = FIRST_RETRY_MS;

  constructor(socketPath: string, onFrame: (frame: FrameToPage) => void) {
    this.#socketPath = socketPath;
    this.#onFrame = onFrame;
  }

  /** The last view of core, or that it is away: all that a fresh page needs. */
  get current(): FrameToPage {
    return this.#current;
  }

  start(): void {
    const socket = connect(this.#socketPath);
    this.#socket = socket;
    const write = attachJsonLines(socket, {
      onFrame: (raw) => {
        if (socket.destroyed) return;
        const frame = coreToCitizenSchema.safeParse(raw);
        if (!frame.success) {
          // What follows a frame that breaks the protocol cannot be trusted either.
          log('coreBrokeProtocol');
          socket.destroy();
          return;
        }
        this.#retryMs = FIRST_RETRY_MS;
        this.#tell(frame.data);
      },
      onClose: () => {
        this.#write = null;
        socket.destroy();
        if (this.#current.type !== 'away') log('coreAway');
        this.#tell({ type: 'away' });
        setTimeout(() => this.start(), this.#retryMs);
        this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
      },
    });
    socket.once('connect', () => {
      this.#write = write;
    });
  }

  /** What is said while core is away is lost on purpose: the view it answered is gone too. */
  send(frame: CitizenToCore): void {
    if ((this.#socket?.writableLength ?? 0) > MAX_UNSENT_BYTES) {
      log('choiceDropped');
      return;
    }
    this.#write?.(frame);
  }

  #tell(frame: FrameToPage): void {
    this.#current = frame;
    this.#onFrame(frame);
  }
}
