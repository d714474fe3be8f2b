import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { CardChannel } from '../../../drivers/contract/card-channel.ts';
import { borrowedCommand } from '../../../src/core/documents/borrowed-command.ts';
import { MeetingPlace, newTicket } from '../../../src/core/documents/meeting-place.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { err, ok } from '../../../src/base/result.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { chipChannel } from '../../../src/issuance/chip-channel.ts';
import { ControlChannel, type Director } from './control-channel.ts';
import { HostUnderTest } from './host-under-test.ts';

// Each test starts a real process, on a machine that has other things to do.
jest.setTimeout(30_000);

let folder: string;
let place: MeetingPlace;
let control: ControlChannel;
let host: HostUnderTest;
let printer: Director;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'anj-meet-'));
  place = await MeetingPlace.open(path.join(folder, 'm.sock'));
  control = await ControlChannel.open();
  host = new HostUnderTest();
  printer = control.director('printer');
  const options = { device: 'printer', control: control.path };
  const driver = 'scripted-card-printer';
  host.send({
    type: 'open',
    devices: [{ name: 'printer', deviceClass: 'cardPrinter', driver, options }],
  });
  expect((await host.frames.next()).type).toBe('opened');
});
afterEach(async () => {
  host.closeDescriptor();
  await host.exited;
  control.close();
  await place.close();
  rmSync(folder, { recursive: true });
});

const borrowedChip = (socket: Socket, clock: Clock): CardChannel =>
  chipChannel(borrowedCommand('cardPrinter', 'transmitToChip', socket, clock));

const side = { side: 'front', widthDots: 1012, heightDots: 638 } as const;
const print = (rgbBase64: unknown): void =>
  host.command('cmd_1', 'printer', 'printSide', { ...side, rgbBase64 });

async function completion() {
  expect((await host.frames.next()).type).toBe('acknowledge');
  return host.frames.next();
}

describe('content that another process holds', () => {
  it('is fetched by the host and given to the driver as if it had come with the command', async () => {
    const bytes = Buffer.from('dots of a card');
    print(place.hold(bytes));
    const call = await printer.nextCall();
    expect(call.params).toEqual({ ...side, rgbBase64: bytes.toString('base64') });
    call.answer(ok({}));
    expect(await completion()).toMatchObject({ completionCode: 'success' });
  });

  it('that is not what was promised, is gone, or never was there, reaches no driver', async () => {
    const promised = place.hold(Buffer.from('dots of a card'));
    print({ ...promised, sha256: '0'.repeat(64) });
    const refused = { completionCode: 'invalidData', reason: 'otherContent' };
    expect(await completion()).toMatchObject(refused);
    print(promised);
    expect(await completion()).toMatchObject(refused);
    print({ ...promised, socketPath: path.join(folder, 'nobody.sock') });
    expect(await completion()).toMatchObject({ ...refused, reason: 'notMet' });
    expect(printer.reached).toEqual([]);
  });
});

describe('a command that is lent', () => {
  const lend = (ticket: string, command = 'transmitToChip', socket = 'm.sock'): void => {
    const to = { socketPath: path.join(folder, socket), ticket };
    const requestId = 'cmd_2';
    host.send({ type: 'lend', requestId, device: 'printer', command, to, sessionId: null });
  };

  it('is given by the borrower, in turn, while nothing else reaches the device', async () => {
    const ticket = newTicket();
    const coming = place.expect(ticket);
    lend(ticket);
    const socket = await coming;
    const chip = borrowedChip(socket, systemClock);
    const answer = chip.transmit(Buffer.from('00a40000', 'hex'));
    const first = await printer.nextCall();
    host.command('cmd_3', 'printer', 'lastPresentStatus', {});
    first.answer(ok({ responseHex: '9000' }));
    expect(await answer).toEqual(ok(Buffer.from('9000', 'hex')));
    const silent = chip.transmit(Buffer.from('00b00000', 'hex'));
    const second = await printer.nextCall();
    expect(second.command).toBe('transmitToChip');
    second.answer(err({ kind: 'commandError', errorCode: 'chipSilent' }));
    expect(await silent).toEqual(err({ kind: 'cardSilent' }));
    expect(printer.reached).not.toContain('lastPresentStatus');
    socket.end();
    const waited = await printer.nextCall();
    expect(waited.command).toBe('lastPresentStatus');
    waited.answer(ok({ presented: 'unknown' }));
    const frames = [];
    for (let at = 0; at < 4; at += 1) frames.push(await host.frames.next());
    expect(frames).toContainEqual(
      expect.objectContaining({ requestId: 'cmd_2', payload: { commands: 2 } }),
    );
  });

  it('is refused where the parameters are none of the command', async () => {
    const ticket = newTicket();
    const coming = place.expect(ticket);
    lend(ticket);
    const socket = await coming;
    // Too short to be a command of ISO 7816-4.
    expect(await borrowedChip(socket, systemClock).transmit(Buffer.from('00', 'hex'))).toEqual(
      err({ kind: 'cardSilent' }),
    );
    expect(printer.reached).toEqual([]);
    socket.end();
    expect(await completion()).toMatchObject({ payload: { commands: 1 } });
  });

  it('is not lent where nobody waits, and never where it moves media', async () => {
    lend(newTicket(), 'transmitToChip', 'nobody.sock');
    expect(await completion()).toMatchObject({
      completionCode: 'deviceNotReady',
      reason: 'notMet',
    });
    const ticket = newTicket();
    void place.expect(ticket);
    lend(ticket, 'presentCard');
    expect(await completion()).toMatchObject({ completionCode: 'unsupportedCommand' });
    expect(printer.reached).toEqual([]);
  });

  it('ends for a borrower that had no answer in time, which then hears of no later one', async () => {
    const ticket = newTicket();
    const coming = place.expect(ticket);
    lend(ticket);
    const clock = new FakeClock();
    const chip = borrowedChip(await coming, clock);
    const answer = chip.transmit(Buffer.from('00a40000', 'hex'));
    const call = await printer.nextCall();
    clock.advance(10_000);
    expect(await answer).toEqual(err({ kind: 'cardSilent' }));
    call.answer(ok({ responseHex: '9000' }));
    expect(await completion()).toMatchObject({ payload: { commands: 1 } });
    const later = await chip.transmit(Buffer.from('00b00000', 'hex'));
    expect(later).toEqual(err({ kind: 'readerGone' }));
  });

  it('is called back: the borrower is hung up on once the command at hand has ended', async () => {
    const ticket = newTicket();
    const coming = place.expect(ticket);
    lend(ticket);
    const chip = borrowedChip(await coming, systemClock);
    const answer = chip.transmit(Buffer.from('00a40000', 'hex'));
    const call = await printer.nextCall();
    host.send({ type: 'cancel', requestId: 'cmd_2', device: 'printer' });
    await call.calledBack;
    call.answer(ok({ responseHex: '9000' }));
    expect(await completion()).toMatchObject({ requestId: 'cmd_2', completionCode: 'canceled' });
    expect(await answer).toEqual(err({ kind: 'readerGone' }));
    expect(printer.reached).toEqual(['transmitToChip']);
  });

  it('ends for the borrower when the host dies', async () => {
    const ticket = newTicket();
    const coming = place.expect(ticket);
    lend(ticket);
    const chip = borrowedChip(await coming, systemClock);
    const answer = chip.transmit(Buffer.from('00a40000', 'hex'));
    (await printer.nextCall()).throwError('a driver that breaks its promise');
    expect(await answer).toEqual(err({ kind: 'readerGone' }));
    expect(await chip.transmit(Buffer.from('00a40000', 'hex'))).toEqual(
      err({ kind: 'readerGone' }),
    );
    expect(await host.exited).toBe(71);
  });
});
