import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { openDataFolder } from '../../src/store/data-folder.ts';
import { openFixture, started, touched } from '../journal/fixture.ts';

// Flushes, processes and password hashes take long on a machine that others use too.
jest.setTimeout(60_000);

/** A real file system of two mebibytes, which needs the right to mount. */
let mountPoint: string;

beforeEach(() => {
  mountPoint = mkdtempSync(join(tmpdir(), 'anjungan-full-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', mountPoint]);
});
afterEach(() => {
  execFileSync('umount', [mountPoint]);
  rmSync(mountPoint, { recursive: true });
});

const filler = (): string => join(mountPoint, 'filler');

function fill(leaveBytes: number): void {
  const { bavail, bsize } = statfsSync(mountPoint);
  writeFileSync(filler(), Buffer.alloc(Math.max(0, bavail * bsize - leaveBytes)));
}

describe('a full disk', () => {
  it('is refused before anything is opened, with what is left and what is needed', () => {
    const folder = openDataFolder(join(mountPoint, 'data'));
    expect(folder).toMatchObject({
      ok: false,
      error: { kind: 'diskFull', neededBytes: 64 * 1024 * 1024 },
    });
  });

  it.each([0, 8_192, 65_536])(
    'is named as such where %d bytes are left when the databases are made',
    (leaveBytes) => {
      fill(leaveBytes);
      const folder = openDataFolder(join(mountPoint, 'data'), { reserveBytes: 0 });
      if (folder.ok) folder.value.close();
      expect(folder).toMatchObject({ ok: false, error: { kind: 'diskFull' } });
    },
  );

  it('stops the journal without a loss, and the journal goes on once there is room', async () => {
    const { journal, folder } = openFixture(join(mountPoint, 'data'));
    await journal.append({ events: [started] });
    fill(200_000);
    let acknowledged = 1;
    const appendUntilFull = async (): Promise<void> => {
      for (;;) {
        const { lastSeq } = await journal.append({ events: Array.from({ length: 20 }, touched) });
        acknowledged = lastSeq;
      }
    };
    await expect(appendUntilFull()).rejects.toMatchObject({
      name: 'JournalWriteError',
      kind: 'diskFull',
    });
    expect(journal.verify()).toMatchObject({ rows: acknowledged, firstBreak: null });
    rmSync(filler());
    const { lastSeq } = await journal.append({ events: [touched()] });
    expect(lastSeq).toBe(acknowledged + 1);
    folder.close();
    const again = openFixture(join(mountPoint, 'data'));
    expect(again.journal.verify()).toMatchObject({ rows: lastSeq, firstBreak: null });
    again.folder.close();
  });
});
