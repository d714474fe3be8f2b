import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { PhysicalRecord } from '../../../drivers/cabinet/record.ts';

describe('the record of what moved', () => {
  let dir: string;
  let path: string;
  let clock: FakeClock;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'anjungan-record-'));
    path = join(dir, 'record.jsonl');
    clock = new FakeClock();
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('has each movement on disk, one line each, when append returns', () => {
    const record = new PhysicalRecord(path, clock);
    record.append({ type: 'cardRejected', serial: 'KTP-1' });
    record.append({ type: 'doorOpened' });
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines.map((line) => (line === '' ? null : (JSON.parse(line) as unknown)))).toEqual([
      { seq: 1, at: clock.now(), type: 'cardRejected', serial: 'KTP-1' },
      { seq: 2, at: clock.now(), type: 'doorOpened' },
      null,
    ]);
    record.close();
  });

  it('goes on counting where the last run ended', () => {
    const first = new PhysicalRecord(path, clock);
    first.append({ type: 'doorOpened' });
    first.close();
    const second = new PhysicalRecord(path, clock);
    expect(second.append({ type: 'doorClosed' }).seq).toBe(2);
    expect(second.since(0).map(({ type }) => type)).toEqual(['doorOpened', 'doorClosed']);
    second.close();
  });

  it('takes a last line that a kill cut short for a movement that never ended', () => {
    const first = new PhysicalRecord(path, clock);
    first.append({ type: 'doorOpened' });
    first.close();
    appendFileSync(path, '{"seq":2,"at":1,"type":"cardRej');
    const second = new PhysicalRecord(path, clock);
    second.append({ type: 'doorClosed' });
    second.close();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual([
      'doorOpened',
      'doorClosed',
    ]);
  });

  it('refuses to go on from a whole line that it cannot understand', () => {
    writeFileSync(path, '{"seq":1,"at":1,"type":"cardVanished"}\n');
    expect(() => new PhysicalRecord(path, clock)).toThrow();
  });

  it('wakes those who wait for a type of entry, and them alone', async () => {
    const record = new PhysicalRecord(path, clock);
    const presented = record.next(0, ['cardPresented', 'cardRejected'], 1_000);
    const anything = record.next(0, [], 1_000);
    record.append({ type: 'doorOpened' });
    expect(await anything).toMatchObject({ type: 'doorOpened' });
    record.append({ type: 'cardPresented', serial: 'KTP-1' });
    expect(await presented).toMatchObject({ seq: 2, type: 'cardPresented' });
    expect(await record.next(1, [], 1_000)).toMatchObject({ seq: 2 });
    record.close();
  });

  it('stops waiting when the time runs out', async () => {
    const record = new PhysicalRecord(path, clock);
    const nothing = record.next(0, [], 1_000);
    clock.advance(1_000);
    expect(await nothing).toBeNull();
    record.close();
  });
});
