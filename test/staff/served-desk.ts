import { join } from 'node:path';
import type { Clock } from '../../src/base/clock.ts';
import { staffRole } from '../../src/core/sockets/staff-socket.ts';
import { serveUnixSocket } from '../../src/core/sockets/unix-server.ts';
import type { Role } from '../../src/domain/role.ts';
import { deedsOn } from '../../src/staff/deeds.ts';
import { StaffDesk } from '../../src/staff/staff-desk.ts';
import { discard, openFixture, temporaryFolder, type OpenedFixture } from '../journal/fixture.ts';

export const PASSWORD = 'kunci-yang-panjang';

/** The desk on its socket over a record of its own; a feeder `ktp`, nothing printing. */
export class ServedDesk {
  readonly fixture: OpenedFixture;
  readonly desk: StaffDesk;
  readonly socketPath: string;
  readonly #server: { stop(): Promise<void> };

  private constructor(fixture: OpenedFixture, desk: StaffDesk, server: { stop(): Promise<void> }) {
    this.fixture = fixture;
    this.desk = desk;
    this.socketPath = join(fixture.folder.runFolder, 'staff.sock');
    this.#server = server;
  }

  static async open(clock: Clock): Promise<ServedDesk> {
    const fixture = openFixture(temporaryFolder(), clock);
    const { journal, folder, path } = fixture;
    const fatal = (cause: unknown): never => {
      throw cause;
    };
    const feeders = [{ name: 'ktp', blankKind: 'ktpEl' as const }];
    const issuance = { underWay: () => false };
    const desk = new StaffDesk({
      journal,
      sql: folder.journal,
      clock,
      dataFolder: path,
      deeds: deedsOn({
        journal,
        clock,
        mode: 'specimen',
        feeders,
        issuance,
        isServing: () => false,
      }),
      fatal,
    });
    const socketPath = join(folder.runFolder, 'staff.sock');
    const server = await serveUnixSocket(socketPath, staffRole(desk, fatal));
    return new ServedDesk(fixture, desk, server);
  }

  /** An account whose holder chose the password. */
  async account(name: string, role: Role): Promise<void> {
    const made = await this.desk.people.create({ name, roles: [role], password: PASSWORD }, null);
    if (!made.ok) throw new Error(made.error.kind);
  }

  async close(): Promise<void> {
    this.desk.close();
    await this.#server.stop();
    // The sign-outs of those still signed in are being recorded.
    await this.fixture.journal.checkpoint();
    this.fixture.folder.close();
    discard(this.fixture.path);
  }
}
