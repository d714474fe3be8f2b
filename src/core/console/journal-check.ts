import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { Mutex } from '../../base/mutex.ts';
import { verdictSchema, type Verdict } from '../../rpc/console.ts';

const ENTRY = new URL('./journal-check-entry.ts', import.meta.url);

/** Reads the whole journal in a thread with a connection of its own, so that citizens do not wait for it. */
export class JournalCheck {
  readonly #dataFolder: string;
  readonly #oneAtATime = new Mutex();

  constructor(dataFolder: string) {
    this.#dataFolder = path.resolve(dataFolder);
  }

  run(): Promise<Verdict> {
    return this.#oneAtATime.withLock(
      () =>
        new Promise((resolve, reject) => {
          const worker = new Worker(ENTRY, { workerData: this.#dataFolder });
          worker.once('message', (verdict) => resolve(verdictSchema.parse(verdict)));
          worker.once('error', reject);
          worker.once('exit', (code) => reject(new Error(`the check ended with ${code}`)));
        }),
    );
  }
}
