import net from 'node:net';
import { attachJsonLines } from '../base/json-lines.ts';
import { err, ok, type Result } from '../base/result.ts';
import {
  coreToStaffSchema,
  staffAskSchema,
  type CoreToStaff,
  type StaffAnswer,
  type StaffAsk,
  type StaffRefusal,
  type StaffToCore,
} from '../rpc/staff.ts';
import { noCoreReport, socketPath, whyNoCore, type NoCore } from './no-core.ts';
import { NO_ANSWER, type Report } from './output.ts';
import { askLogin, type Login, type LoginOptions } from './staff-login.ts';

/** Longer than a sign-in that waits behind others. */
const ANSWER_MS = 30_000;

/** A conversation with the running core on `run/staff.sock`: one question at a time. */
export class StaffLink {
  readonly #socket: net.Socket;
  readonly #send: (frame: unknown) => void;
  #waiting: ((frame: CoreToStaff | null) => void) | null = null;
  #id = 0;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    this.#send = attachJsonLines(socket, {
      onFrame: (frame) => this.#settle(coreToStaffSchema.safeParse(frame).data ?? null),
      onClose: () => this.#settle(null),
    });
  }

  static connect(dataFolder: string): Promise<Result<StaffLink, NoCore>> {
    return new Promise((resolve) => {
      const socket = net.connect(socketPath(dataFolder, 'staff'));
      socket.once('error', (cause: NodeJS.ErrnoException) =>
        resolve(err(whyNoCore(dataFolder, cause))),
      );
      socket.once('connect', () => resolve(ok(new StaffLink(socket))));
    });
  }

  async request(
    what:
      | { readonly type: 'signIn'; readonly name: string; readonly password: string }
      | { readonly type: 'ask'; readonly ask: StaffAsk },
  ): Promise<CoreToStaff | null> {
    this.#id += 1;
    const id = this.#id;
    const answered = new Promise<CoreToStaff | null>((resolve) => {
      this.#waiting = resolve;
    });
    const timer = setTimeout(() => this.#settle(null), ANSWER_MS);
    this.#send({ ...what, id } satisfies StaffToCore);
    const frame = await answered;
    clearTimeout(timer);
    return frame?.id === id ? frame : null;
  }

  close(): void {
    this.#socket.destroy();
  }

  #settle(frame: CoreToStaff | null): void {
    this.#waiting?.(frame);
    this.#waiting = null;
  }
}

/** `malformed`: not in the form that core takes, and so it was not sent: core drops whoever sends such. */
export type NotDone =
  StaffRefusal | { readonly refused: 'malformed' } | { readonly refused: 'coreDidNotAnswer' };

/** Asks core as the person who signed in; a refusal is an answer, silence is none. */
export type AskAsPerson = (ask: StaffAsk) => Promise<Result<StaffAnswer, NotDone>>;

/** Signs a person in at the running core, lets `work` ask as that person, and signs out again. */
export async function asPerson(
  dataFolder: string,
  options: LoginOptions,
  work: (ask: AskAsPerson, login: Login) => Promise<Report>,
): Promise<Report> {
  const link = await StaffLink.connect(dataFolder);
  if (!link.ok) return noCoreReport(link.error, dataFolder, 'staff');
  try {
    const login = await askLogin(options);
    if (!login.ok) return failed(login.error);
    const { name, password } = login.value;
    const signedIn = await link.value.request({ type: 'signIn', name, password });
    if (signedIn === null) return noCoreReport('coreDidNotAnswer', dataFolder, 'staff');
    if (signedIn.type === 'notSignedIn') return failed(signedIn.why, signedIn.waitMs);
    return await work(async (ask) => {
      if (!staffAskSchema.safeParse(ask).success) return err({ refused: 'malformed' });
      const frame = await link.value.request({ type: 'ask', ask });
      if (frame?.type === 'answer') return ok(frame.answer);
      return err(frame?.type === 'refusal' ? frame.refusal : { refused: 'coreDidNotAnswer' });
    }, login.value);
  } finally {
    link.value.close();
  }
}

const sentence = {
  noTerminal: 'The password is asked for on a terminal; programs give it with --password-stdin.',
  noName: 'Say who you are with --name.',
  refused: 'Name or password did not match.',
  mustWait: 'Too many tries.',
  notSignedIn: 'The sign-in ended.',
  noAccounts:
    'There is no account yet: the first one is made on the console with the secret in the data folder.',
} as const;

function failed(kind: keyof typeof sentence, waitMs = 0): Report {
  const wait = waitMs > 0 ? ` The next try is in ${Math.ceil(waitMs / 1000)} s.` : '';
  return {
    json: { error: { kind, ...(waitMs > 0 ? { waitMs } : {}) } },
    lines: [`${sentence[kind]}${wait}`],
    exitStatus: NO_ANSWER,
  };
}
