import { expect, it, jest } from '@jest/globals';
import path from 'node:path';
import { FINISHED, HostUnderTest } from '../host/host-under-test.ts';

const HOST = path.resolve(import.meta.dirname, '../../../drivers/host/main.ts');

jest.setTimeout(30_000);

it('opens no reader of a second PC/SC daemon in one host, says why, and goes on with the first', async () => {
  const host = new HostUnderTest(HOST);
  const reader = (name: string, csockName: string) => ({
    name,
    deviceClass: 'cardReader',
    driver: 'pcsc-ektp-reader',
    options: { readerPattern: 'nobody', samPattern: null, csockName },
  });
  const devices = [
    reader('tap', '/nowhere/first.comm'),
    reader('slot', '/nowhere/second.comm'),
    reader('beside', '/nowhere/first.comm'),
  ];
  host.send({ type: 'open', devices });
  expect(await host.frames.next()).toEqual({
    type: 'openFailed',
    device: 'slot',
    fault: { kind: 'pcscNamespaceConflict' },
  });
  expect(await host.frames.next()).toMatchObject({
    type: 'opened',
    devices: [{ name: 'tap' }, { name: 'beside' }],
  });
  host.closeDescriptor();
  expect(await host.exited).toBe(FINISHED);
});
