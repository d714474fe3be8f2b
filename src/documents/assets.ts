import { readFileSync } from 'node:fs';

/** Reads a file of the `assets` folder; what is missing there is a broken installation. */
export function readAsset(path: string): Buffer {
  return readFileSync(new URL(`../../assets/${path}`, import.meta.url));
}
