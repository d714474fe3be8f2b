import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** How often either side looks into the folder that they share. */
const LOOK_MS = 50;

const orderFile = (folder: string, number: number): string => path.join(folder, `order-${number}`);
const doneFile = (folder: string, number: number): string => path.join(folder, `done-${number}`);

/** The guest's side: what it needs done outside, such as a reader pulled out. */
export class Orders<O> {
  readonly #folder: string;
  #given = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Completes when it was done. */
  async give(order: O): Promise<void> {
    this.#given += 1;
    const file = orderFile(this.#folder, this.#given);
    writeFileSync(`${file}.new`, JSON.stringify(order));
    renameSync(`${file}.new`, file);
    while (!existsSync(doneFile(this.#folder, this.#given))) await delay(LOOK_MS);
  }
}

/** The host's side: carries orders out one after another until `isOver`. */
export async function obeyOrders(
  folder: string,
  obey: (order: unknown) => Promise<void>,
  isOver: () => boolean,
): Promise<void> {
  let next = 1;
  while (!isOver()) {
    const file = orderFile(folder, next);
    if (existsSync(file)) {
      await obey(JSON.parse(readFileSync(file, 'utf8')));
      writeFileSync(doneFile(folder, next), '');
      next += 1;
    }
    await delay(LOOK_MS);
  }
}
