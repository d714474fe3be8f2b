import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/stack/program.ts';
import { LAB_DEVICES, strayDevices } from '../lab/lab-devices.ts';

const guest = path.join(root, 'test/lab/guest');

describe('the devices of the lab', () => {
  it('are those that the guest has, each once', () => {
    const named = readdirSync(guest)
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [
        ...readFileSync(path.join(guest, file), 'utf8').matchAll(/\bdevice(?: =|:) '(.+)'/gi),
      ])
      .map(([, device]) => device);
    expect(named.sort()).toEqual([...LAB_DEVICES].sort());
  });

  it('have all to be told of, and no other', () => {
    const [first, ...rest] = LAB_DEVICES;
    expect(strayDevices(new Set(LAB_DEVICES))).toEqual([]);
    expect(strayDevices(new Set(rest))).toEqual([`${first} was skipped`]);
    expect(strayDevices(new Set())).toHaveLength(LAB_DEVICES.length);
    expect(strayDevices(new Set([...LAB_DEVICES, 'a toaster']))).toEqual([
      'a toaster is not in the list',
    ]);
  });
});
