import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { untilHolds } from '../../journey/support/waiting.ts';
import type { Place } from './places.ts';

const LISTENING = /Debugger listening on (ws:\/\/\S+)/g;
const answer = z.looseObject({ id: z.number().optional(), method: z.string().optional() });
const failed = z.looseObject({ error: z.looseObject({ message: z.string() }) });
const evaluated = z.looseObject({
  result: z.looseObject({
    result: z.looseObject({ objectId: z.string().optional(), value: z.unknown().optional() }),
    exceptionDetails: z.unknown().optional(),
  }),
});
const queried = z.looseObject({
  result: z.looseObject({ objects: z.looseObject({ objectId: z.string() }) }),
});
const chunkOf = z.looseObject({ params: z.looseObject({ chunk: z.string() }) });

/** V8 cuts strings in snapshots at a thousand characters unless told otherwise. */
const WHOLE_STRINGS = `process.getBuiltinModule('node:v8')
  .setFlagsFromString('--heap-snapshot-string-limit=100000000')`;

/** What is in the memory behind buffers: a line of size and base64 for each. */
const CONTENT_OF_BUFFERS = `function () {
  const lines = [];
  for (const one of this) {
    try {
      if (one.byteLength > 0) lines.push(one.byteLength + ' ' + Buffer.from(one).toString('base64'));
    } catch {}
  }
  return lines.join('\\n');
}`;

/** Collects all of it, gives the pages back that V8 would keep for what may come, and counts what is left. */
const COLLECT = `process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
  process.getBuiltinModule('node:vm').runInNewContext('gc')(
    { type: 'major', execution: 'sync', flavor: 'last-resort' });
  process.memoryUsage().heapUsed + process.memoryUsage().external`;

/** The inspector of a core that runs. */
export class Heap {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (message: unknown) => void>();
  #chunks: string[] = [];
  #nextId = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(String(data))));
  }

  /** Opens the inspector by SIGUSR1 and finds its address in what core said; `logFile` holds all of that. */
  static async open(pid: number, logFile: string): Promise<Heap> {
    const addresses = (): string[] =>
      [...readFileSync(logFile, 'utf8').matchAll(LISTENING)].map(([, url = '']) => url);
    process.kill(pid, 'SIGUSR1');
    const [url = ''] = (await untilHolds(addresses, (all) => all.length > 0, 30_000)).slice(-1);
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', reject, { once: true });
    });
    return new Heap(socket);
  }

  /** Completes when what nothing reaches is collected, with how many bytes are left, behind buffers too. */
  async collect(): Promise<number> {
    const { result } = evaluated.parse(
      await this.#ask('Runtime.evaluate', { expression: COLLECT, returnByValue: true }),
    );
    return z.number().parse(result.result.value);
  }

  /** Two forced collections, then what is still reachable: the snapshot, and what lies behind buffers. */
  async reached(): Promise<{ readonly snapshot: Buffer; readonly buffers: readonly Place[] }> {
    await this.#ask('Runtime.evaluate', { expression: WHOLE_STRINGS });
    for (let round = 0; round < 2; round += 1) await this.#ask('HeapProfiler.collectGarbage', {});
    this.#chunks = [];
    await this.#ask('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
    const snapshot = Buffer.from(this.#chunks.join(''));
    this.#chunks = [];
    return { snapshot, buffers: await this.#buffers() };
  }

  close(): void {
    this.#socket.close();
  }

  async #buffers(): Promise<Place[]> {
    const places: Place[] = [];
    for (const kind of ['ArrayBuffer', 'SharedArrayBuffer']) {
      const prototype = evaluated.parse(
        await this.#ask('Runtime.evaluate', { expression: `${kind}.prototype` }),
      ).result.result.objectId;
      const { objects } = queried.parse(
        await this.#ask('Runtime.queryObjects', { prototypeObjectId: prototype }),
      ).result;
      const { result } = evaluated.parse(
        await this.#ask('Runtime.callFunctionOn', {
          objectId: objects.objectId,
          functionDeclaration: CONTENT_OF_BUFFERS,
          returnByValue: true,
        }),
      );
      if (result.exceptionDetails !== undefined) throw new Error('the buffers were not read');
      for (const line of z.string().parse(result.result.value).split('\n')) {
        const [size = '', content = ''] = line.split(' ');
        const name = `an ${kind} of ${size} bytes`;
        places.push({ name, bytes: Buffer.from(content, 'base64') });
      }
    }
    return places;
  }

  #ask(method: string, params: object): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (message) => {
        const refused = failed.safeParse(message);
        if (refused.success) reject(new Error(`${method}: ${refused.data.error.message}`));
        else resolve(message);
      });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  #receive(message: unknown): void {
    const { id, method } = answer.parse(message);
    if (method === 'HeapProfiler.addHeapSnapshotChunk') {
      this.#chunks.push(chunkOf.parse(message).params.chunk);
    }
    if (id === undefined) return;
    this.#waiting.get(id)?.(message);
    this.#waiting.delete(id);
  }
}
