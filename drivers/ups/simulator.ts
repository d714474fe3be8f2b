import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** What upsd may do wrong, or say of a UPS that it has lost. */
export type UpsdFault =
  | 'dataStale'
  | 'driverNotConnected'
  | 'accessDenied'
  | 'unknownUps'
  | 'garbage'
  | 'halfLine'
  | 'endlessLine'
  | 'endlessList'
  | 'otherUps'
  | 'unaskedLine'
  | 'silent'
  | 'closes';

type Misdeed = (socket: Socket, ups: string) => void;

const refuses =
  (message: string): Misdeed =>
  (socket) =>
    void socket.write(`ERR ${message}\n`);

/** What is sent in the place of a list. */
const misdeeds: Partial<Record<UpsdFault, Misdeed>> = {
  dataStale: refuses('DATA-STALE'),
  driverNotConnected: refuses('DRIVER-NOT-CONNECTED'),
  accessDenied: refuses('ACCESS-DENIED'),
  unknownUps: refuses('UNKNOWN-UPS'),
  silent: () => undefined,
  closes: (socket) => void socket.destroy(),
  garbage: (socket) => void socket.write(Buffer.from([0xff, 0x00, 0x22, 0x0a, 0x41, 0x0a])),
  halfLine: (socket, ups) => void socket.write(`BEGIN LIST VAR ${ups}\nVAR ${ups} ups.sta`),
  endlessLine: (socket) => void socket.write(Buffer.alloc(1_000_000, 'x')),
  endlessList: (socket, ups) => {
    const lines = Array.from({ length: 50_000 }, (_, n) => `VAR ${ups} v.${n} "0"\n`);
    socket.write(`BEGIN LIST VAR ${ups}\n${lines.join('')}`);
  },
};

/**
 * Simulates upsd with one UPS, strictly: it knows what a client that only reads may send, and notes anything
 * else, STARTTLS and LOGIN included, as a violation, answers it by an error and hangs up.
 */
export class SimulatedUpsd {
  /** Lines that no such client sends. */
  readonly violations: string[] = [];
  /** What came with USERNAME and PASSWORD, unquoted, in order. */
  readonly signIns: string[] = [];
  readonly #ups: string;
  readonly #variables = new Map<string, string>();
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #port = 0;
  #fault: UpsdFault | null = null;

  constructor(ups = 'cabinet') {
    this.#ups = ups;
  }

  get port(): number {
    return this.#port;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Listens on the loopback address, the second time on the same port as the first. */
  async listen(): Promise<void> {
    const server = createServer((socket) => this.#serve(socket));
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    this.#port = address.port;
    this.#server = server;
  }

  /** Goes away like a daemon that is killed. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const socket of this.#sockets) socket.destroy();
    if (server !== null) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** Completes when no client is connected any more. */
  async hungUp(): Promise<void> {
    await Promise.all([...this.#sockets].map((socket) => once(socket, 'close')));
  }

  /** Replaces every variable. */
  say(variables: Readonly<Record<string, string>>): void {
    this.#variables.clear();
    for (const [name, value] of Object.entries(variables)) this.#variables.set(name, value);
  }

  setFault(fault: UpsdFault | null): void {
    this.#fault = fault;
    if (fault === 'unaskedLine') for (const socket of this.#sockets) socket.write('OK\n');
    if (fault === 'closes') for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    // A client that went away is no news to a daemon.
    socket.on('error', () => undefined);
    let rest = '';
    socket.on('data', (bytes) => {
      const lines = (rest + bytes.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#hear(socket, line);
    });
  }

  #hear(socket: Socket, line: string): void {
    const [, command, argument] = /^(USERNAME|PASSWORD) (.+)$/.exec(line) ?? [];
    if (command !== undefined && argument !== undefined) {
      this.signIns.push(unquoted(argument));
      socket.write('OK\n');
      return;
    }
    if (line === 'LOGOUT') {
      socket.end('OK Goodbye\n');
      return;
    }
    if (line === `LIST VAR ${this.#ups}`) {
      this.#list(socket);
      return;
    }
    this.violations.push(line);
    socket.end('ERR UNKNOWN-COMMAND\n');
  }

  #list(socket: Socket): void {
    const fault = this.#fault;
    const misdeed = fault === null ? undefined : misdeeds[fault];
    if (misdeed !== undefined) {
      misdeed(socket, this.#ups);
      return;
    }
    const ups = fault === 'otherUps' ? 'neighbour' : this.#ups;
    const lines = [...this.#variables].map(([name, value]) => `VAR ${ups} ${name} "${value}"`);
    socket.write([`BEGIN LIST VAR ${ups}`, ...lines, `END LIST VAR ${ups}`, ''].join('\n'));
  }
}

function unquoted(argument: string): string {
  if (!argument.startsWith('"')) return argument;
  return argument.slice(1, -1).replace(/\\(.)/g, '$1');
}
