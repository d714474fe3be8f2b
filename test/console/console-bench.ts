import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { ok } from '../../src/base/result.ts';
import { serveConsole, type ConsoleServer } from '../../src/core/console/console-server.ts';
import type { DeviceProxy } from '../../src/devices/ports.ts';
import type { DeviceHealth } from '../../src/devices/health.ts';
import type { JournalEvent } from '../../src/journal/catalogue.ts';
import type { HeadKeeper } from '../../src/registry/ports.ts';
import type { Role } from '../../src/domain/role.ts';
import type { TerminalStatus } from '../../src/rpc/terminal-status.ts';
import { deedsOn } from '../../src/staff/deeds.ts';
import type { People } from '../../src/staff/people.ts';
import { StaffDesk } from '../../src/staff/staff-desk.ts';
import {
  discard,
  openFixture,
  temporaryFolder,
  TERMINAL,
  type OpenedFixture,
} from '../journal/fixture.ts';
import { healthyStatus } from './sample-status.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: unknown;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export const PASSWORD = 'kunci-yang-panjang';

/** A folder with a plain file for each page, and a file outside the pages that nobody may reach. */
export function plainPages(): string {
  const folder = mkdtempSync(join(tmpdir(), 'anjungan-console-ui-'));
  writeFileSync(join(folder, 'outside.html'), 'outside');
  const pages = join(folder, 'ui');
  for (const page of ['staff', 'technician', 'citizen', 'assets']) {
    mkdirSync(join(pages, page), { recursive: true });
    writeFileSync(join(pages, page, 'index.html'), `the ${page} page`);
  }
  return folder;
}

/** What a refused request was answered with. */
export const refusal = ({ status, json }: Answer): unknown => [status, json];

/** The console server on a real journal in a folder of its own; the devices are played. */
export class ConsoleBench {
  readonly clock: FakeClock;
  readonly fixture: OpenedFixture;
  readonly desk: StaffDesk;
  readonly people: People;
  /** What the terminal says of itself; a test changes it. */
  status: TerminalStatus;
  /** What a device answers when it is asked for its status. */
  answers: (name: string) => Awaited<ReturnType<DeviceProxy['execute']>> = () =>
    ok({ state: 'online', reasons: [], requiredAction: 'none' }) as never;
  /** What the registry keeps of the journal; a test puts heads there, or trouble in its place. */
  readHeads: HeadKeeper['readHeads'] = () => Promise.resolve(ok({ heads: [], more: false }));
  /** Commands given to devices, in order. */
  readonly commands: string[] = [];
  /** What went to the log, which should be nothing. */
  readonly logged: unknown[] = [];
  #server: ConsoleServer | null = null;

  private constructor(clock: FakeClock) {
    this.clock = clock;
    this.fixture = openFixture(temporaryFolder(), clock);
    this.status = healthyStatus(clock.now());
    const { journal, path, folder } = this.fixture;
    this.desk = new StaffDesk({
      journal,
      sql: folder.journal,
      clock,
      dataFolder: path,
      deeds: deedsOn({
        journal,
        clock,
        mode: 'specimen',
        feeders: [],
        issuance: { underWay: () => false },
        isServing: () => false,
      }),
      fatal: (cause) => {
        throw cause;
      },
    });
    this.people = this.desk.people;
  }

  static async open(uiFolder: string, startMs?: number): Promise<ConsoleBench> {
    const bench = new ConsoleBench(new FakeClock(startMs));
    await bench.#serve(uiFolder);
    return bench;
  }

  get server(): ConsoleServer {
    if (this.#server === null) throw new Error('the console is not served yet');
    return this.#server;
  }

  async #serve(uiFolder: string): Promise<void> {
    const { folder, journal } = this.fixture;
    const foundation = {
      clock: this.clock,
      config: {
        terminal: { timeZone: 'Asia/Jakarta' as const, id: TERMINAL, place: 'Kantor Contoh' },
        console: { port: 0 },
      },
      folder,
      journal,
      record: async (events: readonly JournalEvent[]) => {
        await journal.append({ events });
      },
    };
    this.#server = await serveConsole(foundation, {
      uiFolder,
      supervisor: {
        list: () => this.status.devices as unknown as DeviceHealth[],
        device: (name) =>
          ({
            execute: (command: string) => {
              this.commands.push(`${name} ${command}`);
              return Promise.resolve(this.answers(name));
            },
          }) as never,
      },
      status: () => this.status,
      desk: this.desk,
      heads: { readHeads: (afterSize, options) => this.readHeads(afterSize, options) },
      log: { error: (what: unknown) => void this.logged.push(what) },
    });
  }

  /** One request as a program could send it, headers of any kind included. */
  ask(path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Answer> {
    const { port } = new URL(this.server.url);
    const text =
      body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port, path, method, headers, setHost: !('host' in headers) },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const said = Buffer.concat(chunks).toString('utf8');
            const { statusCode = 0, headers: answered } = response;
            resolve({ status: statusCode, headers: answered, text: said, json: parsed(said) });
          });
        },
      );
      sent.on('error', reject);
      sent.end(text);
    });
  }

  /** A request as one of our pages sends it. */
  post(
    path: string,
    body: unknown = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    return this.ask(path, {
      method: 'POST',
      body,
      headers: { origin: this.server.url, 'content-type': 'application/json', ...headers },
    });
  }

  async account(name: string, roles: readonly Role[]): Promise<void> {
    const made = await this.people.create({ name, roles, password: PASSWORD }, null);
    if (!made.ok) throw new Error(made.error.kind);
  }

  /** Makes an account and signs it in; returns the cookie. */
  async signedIn(name: string, roles: readonly Role[]): Promise<string> {
    await this.account(name, roles);
    return this.cookieOf(await this.post('/api/sign-in', { name, password: PASSWORD }));
  }

  cookieOf({ headers }: Answer): string {
    const [line = ''] = headers['set-cookie'] ?? [];
    const [cookie = ''] = line.split(';');
    if (!cookie.includes('=')) throw new Error('no cookie was set');
    return cookie;
  }

  secret(): string {
    const { setupSecretFile } = this.server;
    if (setupSecretFile === null) throw new Error('no secret was offered');
    return readFileSync(setupSecretFile, 'utf8').trim();
  }

  /** From now on the registry keeps the newest head there is, as right after a heartbeat. */
  keepHeads(): void {
    this.readHeads = async (afterSize) => {
      const head = await this.fixture.journal.checkpoint();
      const heads = head === null || head.size <= afterSize ? [] : [head];
      return ok({ heads, more: false });
    };
  }

  events(): JournalEvent[] {
    return this.fixture.journal.rows(1, 100_000).map(({ event }) => event);
  }

  async close(): Promise<void> {
    await this.server.stop();
    // The sign-outs of those still signed in are being recorded.
    await this.fixture.journal.append({ events: [{ kind: 'core.stopped', reason: 'asked' }] });
    this.fixture.folder.close();
    discard(this.fixture.path);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
