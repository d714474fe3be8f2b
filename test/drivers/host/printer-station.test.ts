import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { PrinterStation, type StationReader } from '../../../drivers/host/printer-station.ts';
import type { ReaderPairState } from '../../../drivers/pcsc-card-reader/reader-pair.ts';
import { startPcscLab, type PcscLab } from '../../../scripts/lab/pcsc-lab.ts';
import { Emitter } from '../../../src/base/emitter.ts';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { err, ok, type Result } from '../../../src/base/result.ts';
import { siti, TYPE_A_UID } from '../ektp/synthetic-card.ts';
import { VirtualCitizen } from '../pcsc-card-reader/virtual-citizen.ts';

jest.setTimeout(30_000);

/** PC/SC part 3 §3.2.2.1.3: what the reader itself answers of a card in its field. */
const GET_UID = 'ffca000000';

describe('the reader at a printer’s station, on a real pcscd', () => {
  let dir: string;
  let lab: PcscLab;
  let station: ChildProcess;
  let lines: Interface;
  let said: AsyncIterator<string>;
  let chip: VirtualCitizen;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'anj-station-'));
    lab = await startPcscLab({ dir });
    chip = new VirtualCitizen(lab.virtualCardCommand);
    const program = join(import.meta.dirname, 'printer-station.main.ts');
    const args = [program, `^${lab.cardReaderName}$`, lab.csockName];
    station = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    lines = createInterface({ input: station.stdout as NodeJS.ReadableStream });
    said = lines[Symbol.asyncIterator]();
    expect((await said.next()).value).toBe('started');
  });

  afterAll(async () => {
    const ended = new Promise((resolve) => station.once('close', resolve));
    station.stdin?.end();
    expect(await ended).toBe(0);
    expect(await chip.leave()).toBe('');
    await lab.stop();
    rmSync(dir, { recursive: true });
  });

  const transmit = async (apduHex: string): Promise<unknown> => {
    station.stdin?.write(`${apduHex}\n`);
    return (await said.next()).value;
  };

  it('waits for a blank that has just been fed, and talks to it as often as it is asked', async () => {
    await chip.tap({ uidHex: TYPE_A_UID, biodata: siti });
    const uid = `${TYPE_A_UID.toLowerCase()}9000`;
    expect(await transmit(GET_UID)).toBe(uid);
    expect(await transmit(GET_UID)).toBe(uid);
  });

  it('says that there is none once the printer took it away, and knows the next', async () => {
    await chip.untap();
    expect(await transmit(GET_UID)).toBe('cardRemoved');
    const next = '08090A0B';
    await chip.tap({ uidHex: next, biodata: siti });
    expect(await transmit(GET_UID)).toBe(`${next.toLowerCase()}9000`);
  });
});

describe('the reader at a printer’s station', () => {
  const empty: ReaderPairState = {
    trouble: null,
    samTrouble: null,
    card: 'empty',
    sam: 'notFitted',
  };

  /** A reader in whose field a test lays what it likes. */
  function rig(opens: () => Awaited<ReturnType<StationReader['openCard']>>) {
    const events = new Emitter<{ changed: ReaderPairState }>();
    let state = empty;
    const opened: string[] = [];
    const reader: StationReader = {
      events,
      state: () => state,
      start: () => Promise.resolve(),
      stop: () => Promise.resolve(),
      openCard: () => {
        opened.push(state.card);
        return Promise.resolve(opens());
      },
    };
    const clock = new FakeClock();
    const lay = (card: ReaderPairState['card']): void => {
      state = { ...empty, card };
      events.emit('changed', state);
    };
    return { station: new PrinterStation(reader, clock), clock, lay, opened };
  }

  const stations: PrinterStation[] = [];
  afterEach(async () => {
    for (const one of stations.splice(0)) await one.stop();
  });

  it('gives a blank two seconds to be seen, and then asks what the reader makes of it', async () => {
    const { station, clock, opened } = rig(() => err({ kind: 'cardRemoved' }));
    stations.push(station);
    const answering = station.transmit(Buffer.from(GET_UID, 'hex'));
    clock.advance(1_999);
    expect(opened).toEqual([]);
    clock.advance(1);
    expect(await answering).toEqual(err({ kind: 'cardRemoved' }));
    expect(opened).toEqual(['empty']);
  });

  it('lets go of a chip that failed or left, and connects anew for the next command', async () => {
    const ends: string[] = [];
    let answer: Result<Uint8Array, { readonly kind: 'cardSilent' }> = ok(Buffer.of(0x90, 0));
    const { station, lay, opened } = rig(() =>
      ok({
        transmit: () => Promise.resolve(answer),
        close: () => {
          ends.push('closed');
          return Promise.resolve();
        },
      }),
    );
    stations.push(station);
    lay('present');
    const ask = () => station.transmit(Buffer.from(GET_UID, 'hex'));
    expect(await ask()).toEqual(answer);
    expect(await ask()).toEqual(answer);
    expect([opened.length, ends.length]).toEqual([1, 0]);
    lay('empty');
    lay('present');
    expect(await ask()).toEqual(answer);
    expect([opened.length, ends.length]).toEqual([2, 1]);
    answer = err({ kind: 'cardSilent' });
    expect(await ask()).toEqual(answer);
    expect(ends).toHaveLength(2);
    await ask();
    expect(opened).toHaveLength(3);
  });

  it('that another program has is a fault of the reader and not of the chip', async () => {
    const { station, lay } = rig(() => err({ kind: 'inUse' }));
    stations.push(station);
    lay('present');
    expect(await station.transmit(Buffer.from(GET_UID, 'hex'))).toEqual(
      err({ kind: 'readerFailed', reason: 'inUse' }),
    );
  });
});
