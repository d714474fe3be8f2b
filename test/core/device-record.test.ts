import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/base/clock.ts';
import { Emitter } from '../../src/base/emitter.ts';
import { newId } from '../../src/base/ids.ts';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { err, ok } from '../../src/base/result.ts';
import { recordContacts, recordDevices } from '../../src/core/device-record.ts';
import { openRecord, type OpenedRecord } from '../../src/core/foundation.ts';
import type { DeviceProxy, DeviceSupervisor, SupervisorEvents } from '../../src/devices/ports.ts';
import type { JournalEvent } from '../../src/journal/catalogue.ts';
import type { CommandFailure } from '../../drivers/contract/command.ts';
import type { Events } from '../../drivers/contract/device-classes.ts';

let folder: string;
let opened: OpenedRecord;
const append = async (events: readonly JournalEvent[]): Promise<void> => {
  await opened.journal.append({ events });
};

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'anjungan-devices-'));
  const options = { reserveBytes: 0, terminalId: 'T-1', clock: systemClock };
  const record = openRecord(folder, options);
  if (!record.ok) throw new Error(record.error.kind);
  opened = record.value;
});
afterEach(async () => {
  await opened.journal.stop('asked');
  opened.folder.close();
  rmSync(folder, { recursive: true });
});

/** A cabinet whose contacts are worked by hand, and which notes what it is told. */
function cabinet(answers: readonly CommandFailure[] = []) {
  const left = [...answers];
  const contacts = new Emitter<Events<'cabinetIo'>>();
  const told: string[] = [];
  const proxy = {
    name: 'kontak',
    on: contacts.on.bind(contacts),
    execute: (command: string) => {
      told.push(command);
      const failure = left.shift();
      return Promise.resolve(failure === undefined ? ok({}) : err(failure));
    },
  } as unknown as DeviceProxy<'cabinetIo'>;
  return { contacts, told, proxy };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const unexpected = (cause: unknown): void => {
  throw cause;
};

describe('the contacts of the cabinet', () => {
  it('go into the record, and tampering is acknowledged once it is there', async () => {
    const { contacts, told, proxy } = cabinet();
    const done = Promise.withResolvers<undefined>();
    const record = async (events: readonly JournalEvent[]): Promise<void> => {
      await append(events);
      await done.promise;
    };
    recordContacts(proxy, { record, clock: systemClock, fatal: unexpected });
    contacts.emit('sensorChanged', { sensor: 'tamper', state: 'active' });
    await turn();
    expect(told).toEqual([]);
    done.resolve(undefined);
    await turn();
    expect(told).toEqual(['acknowledgeTamper']);
  });

  it('are not acknowledged where nothing was recorded', async () => {
    const { contacts, told, proxy } = cabinet();
    const causes: unknown[] = [];
    const full = new Error('the disk is full');
    recordContacts(proxy, {
      record: () => Promise.reject(full),
      clock: systemClock,
      fatal: (cause) => causes.push(cause),
    });
    contacts.emit('sensorChanged', { sensor: 'tamper', state: 'active' });
    await turn();
    expect([told, causes]).toEqual([[], [full]]);
  });

  it.each<[string, CommandFailure, number]>([
    ['is asked again where its answer was lost', { kind: 'noAnswer' }, 2],
    ['is asked again where it was busy', { kind: 'notReady', reason: 'previousCommandOverdue' }, 2],
    ['is left where it went away, and will tell anew', { kind: 'deviceGone' }, 1],
  ])('belong to a controller that %s', async (_, failure, asked) => {
    const { contacts, told, proxy } = cabinet([failure]);
    const clock = new FakeClock(0);
    const record = () => Promise.resolve();
    recordContacts(proxy, { record, clock, fatal: unexpected });
    contacts.emit('sensorChanged', { sensor: 'tamper', state: 'active' });
    await turn();
    expect(told).toHaveLength(1);
    clock.advance(5_000);
    await turn();
    expect(told).toHaveLength(asked);
  });

  it('need nothing but the record where it is a door, or tampering has ended', async () => {
    const { contacts, told, proxy } = cabinet();
    const recorded: Promise<void>[] = [];
    const record = (events: readonly JournalEvent[]): Promise<void> => {
      recorded.push(append(events));
      return recorded.at(-1) ?? Promise.resolve();
    };
    recordContacts(proxy, { record, clock: systemClock, fatal: unexpected });
    contacts.emit('sensorChanged', { sensor: 'safeDoor', state: 'active' });
    contacts.emit('sensorChanged', { sensor: 'tamper', state: 'inactive' });
    expect(recorded).toHaveLength(2);
    await Promise.all(recorded);
    await turn();
    expect(told).toEqual([]);
  });
});

describe('an answer that came too late', () => {
  it('goes into the record, without what it said', async () => {
    const events = new Emitter<SupervisorEvents>();
    const noted: JournalEvent[] = [];
    const supervisor = { on: events.on.bind(events) } as unknown as DeviceSupervisor;
    recordDevices(supervisor, (more) => noted.push(...more));
    const sessionId = newId('ses');
    events.emit('lateCompletion', {
      device: 'card-printer',
      command: 'presentCard',
      requestId: 'r-1',
      sessionId,
      completionCode: 'success',
      errorCode: null,
      payload: { serial: 'KTP-000123' },
    });
    const kind = 'device.answeredLate';
    const [device, command, completionCode] = ['card-printer', 'presentCard', 'success'];
    expect(noted).toEqual([{ kind, device, command, completionCode, errorCode: null, sessionId }]);
    await append(noted);
  });
});

describe('a code that cannot be read, held up again and again', () => {
  it('leaves no rows in the record', async () => {
    const events = new Emitter<SupervisorEvents>();
    const noted: JournalEvent[] = [];
    const supervisor = { on: events.on.bind(events) } as unknown as DeviceSupervisor;
    recordDevices(supervisor, (more) => noted.push(...more));
    const say = (...reasons: string[]): void =>
      events.emit('healthChanged', {
        ...{ name: 'scanner', deviceClass: 'codeScanner', state: 'online', requiredAction: 'none' },
        reasons,
      } as unknown as SupervisorEvents['healthChanged']);
    say();
    for (let time = 0; time < 5; time += 1) {
      say('readDropped.tooLong');
      say();
    }
    say('readDropped.tooLong', 'lampWeak');
    expect(noted).toMatchObject([{ reasons: [] }, { reasons: ['lampWeak'] }]);
    await append(noted);
  });
});
