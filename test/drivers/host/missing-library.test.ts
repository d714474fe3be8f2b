import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { missingLibraryOf } from '../../../drivers/host/missing-library.ts';
import { addonWithoutLibrary } from './addon-without-library.ts';
import { FINISHED, HostUnderTest } from './host-under-test.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'anj-addon-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Each test starts real processes, on a machine that has other things to do. */
jest.setTimeout(30_000);

describe('a native module whose library is not installed', () => {
  it('fails to open its device, by a fault that names the library, and the host lives on', async () => {
    const addon = addonWithoutLibrary(folder);
    const host = new HostUnderTest();
    const device = { name: 'tap', deviceClass: 'cardReader', driver: 'libraryless' };
    host.send({ type: 'open', devices: [{ ...device, options: { addon } }] });
    expect(await host.frames.next()).toEqual({
      type: 'openFailed',
      device: 'tap',
      fault: { kind: 'missingLibrary', library: 'libpcsclite.so.9', debianPackage: null },
    });
    expect(await host.frames.next()).toEqual({ type: 'opened', devices: [] });
    host.closeDescriptor();
    expect(await host.exited).toBe(FINISHED);
  });

  it('is recognised inside the error that a module wraps around it, with its Debian package', () => {
    const wrapped = new Error(
      'Required addon dependency not found:\nError: libpcsclite.so.1: cannot open shared object file: No such file or directory',
    );
    const library = 'libpcsclite.so.1';
    const missing = { kind: 'missingLibrary', library, debianPackage: 'libpcsclite1' };
    expect(missingLibraryOf(wrapped)).toEqual(missing);
    expect(missingLibraryOf(new Error('could not load', { cause: wrapped }))).toEqual(missing);
  });

  it('is not seen in any other error', () => {
    expect(missingLibraryOf(new Error("Cannot find module 'pcsc-mini'"))).toBeNull();
    expect(missingLibraryOf('libusb-1.0.so.0')).toBeNull();
  });
});
