import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ControlChannel, type Director } from './control-channel.ts';
import { FINISHED, HostUnderTest } from './host-under-test.ts';

let control: ControlChannel;
let host: HostUnderTest;
let printer: Director;
let scanner: Director;

const deviceFrame = (name: string, deviceClass: string, driver: string, more: object = {}) => ({
  name,
  deviceClass,
  driver,
  options: { device: name, control: control.path, ...more },
});

beforeEach(async () => {
  control = await ControlChannel.open();
  host = new HostUnderTest();
  printer = control.director('printer');
  scanner = control.director('scanner');
});

afterEach(async () => {
  host.closeDescriptor();
  await host.exited;
  control.close();
});

async function openPrinterAndScanner(more: object = {}): Promise<void> {
  const devices = [
    deviceFrame('printer', 'cardPrinter', 'scripted-card-printer', more),
    deviceFrame('scanner', 'codeScanner', 'scripted-code-scanner'),
  ];
  host.send({ type: 'open', devices });
  const opened = await host.frames.next();
  expect(opened.type).toBe('opened');
}

const feed = { feeder: 'left', blankKind: 'kia' };
const completion = (requestId: string, part: object) => ({
  type: 'completion',
  requestId,
  completionCode: 'success',
  errorCode: null,
  reason: null,
  payload: null,
  ...part,
});

/** Each test starts real processes, on a machine that has other things to do. */
jest.setTimeout(30_000);

describe('opening devices', () => {
  it('says which devices were opened, and whether they are real', async () => {
    host.send({
      type: 'open',
      devices: [deviceFrame('printer', 'cardPrinter', 'scripted-card-printer')],
    });
    const real = false;
    const driver = 'scripted-card-printer';
    expect(await host.frames.next()).toEqual({
      type: 'opened',
      devices: [{ name: 'printer', deviceClass: 'cardPrinter', driver, real }],
    });
  });

  it('refuses a driver it does not know, one of another class, and misspelt options, and opens the rest', async () => {
    host.send({
      type: 'open',
      devices: [
        deviceFrame('a', 'cardPrinter', 'no-such-driver'),
        deviceFrame('b', 'cardReader', 'scripted-card-printer'),
        deviceFrame('c', 'cardPrinter', 'scripted-card-printer', { contorl: '/secret/place' }),
        deviceFrame('toString', 'cardPrinter', 'toString'),
        deviceFrame('scanner', 'codeScanner', 'scripted-code-scanner'),
      ],
    });
    const frames = [];
    for (let at = 0; at < 5; at++) frames.push(await host.frames.next());
    const type = 'openFailed';
    expect(frames).toEqual(
      expect.arrayContaining([
        { type, device: 'a', fault: { kind: 'unknownDriver' } },
        { type, device: 'b', fault: { kind: 'wrongClass', driverClass: 'cardPrinter' } },
        {
          type,
          device: 'c',
          fault: { kind: 'invalidOptions', issues: [expect.stringContaining('contorl')] },
        },
        { type, device: 'toString', fault: { kind: 'unknownDriver' } },
      ]),
    );
    expect(JSON.stringify(frames)).not.toContain('/secret/place');
    expect(frames[4]).toMatchObject({ type: 'opened', devices: [{ name: 'scanner' }] });
  });
});

describe('running commands', () => {
  it('acknowledges a command before its driver has answered, and completes it after', async () => {
    await openPrinterAndScanner();
    host.command('r1', 'printer', 'feedBlank', feed);
    expect(await host.frames.next()).toEqual({ type: 'acknowledge', requestId: 'r1' });
    const call = await printer.nextCall();
    expect(call).toMatchObject({ command: 'feedBlank', params: feed });
    call.answer({ ok: true, value: { serial: 'K7', blankKind: 'kia' } });
    expect(await host.frames.next()).toEqual(
      completion('r1', { payload: { serial: 'K7', blankKind: 'kia' } }),
    );
  });

  it('runs one command of a device at a time, in order of arrival, and other devices meanwhile', async () => {
    await openPrinterAndScanner();
    host.command('r1', 'printer', 'feedBlank', feed);
    host.command('r2', 'printer', 'presentCard', {});
    host.command('r3', 'scanner', 'getCapabilities', {});
    const first = await printer.nextCall();
    (await scanner.nextCall()).answer({ ok: true, value: { switchable: false, framed: true } });
    const early = [];
    for (let at = 0; at < 4; at++) early.push(await host.frames.next());
    expect(early.map((frame) => frame.type)).toEqual([
      'acknowledge',
      'acknowledge',
      'acknowledge',
      'completion',
    ]);
    expect(printer.reached).toEqual(['feedBlank']);
    first.answer({ ok: true, value: { serial: null, blankKind: null } });
    expect(await host.frames.next()).toMatchObject({ requestId: 'r1' });
    expect(await printer.nextCall()).toMatchObject({ command: 'presentCard' });
  });

  it('refuses bad parameters without troubling the driver, and names the place but not the value', async () => {
    await openPrinterAndScanner();
    host.command('r1', 'printer', 'feedBlank', { feeder: 'left', blankKind: 9912345 });
    expect(await host.frames.next()).toMatchObject({ type: 'acknowledge' });
    const code = { completionCode: 'invalidData', reason: 'blankKind' };
    expect(await host.frames.next()).toEqual(completion('r1', code));
    expect(printer.reached).toEqual([]);
    host.closeDescriptor();
    await host.exited;
    expect(host.stderr).toContain('blankKind');
    expect(host.stderr).not.toContain('9912345');
  });

  it('says unsupported to a command its class does not have', async () => {
    await openPrinterAndScanner();
    host.command('r1', 'printer', 'constructor', {});
    host.command('r2', 'scanner', 'feedBlank', feed);
    const frames = [];
    for (let at = 0; at < 4; at++) frames.push(await host.frames.next());
    const completionCode = 'unsupportedCommand';
    expect(frames).toEqual(
      expect.arrayContaining([
        completion('r1', { completionCode }),
        completion('r2', { completionCode }),
      ]),
    );
    expect([...printer.reached, ...scanner.reached]).toEqual([]);
  });

  it.each([
    ['a result that its class does not allow', { ok: true, value: { serial: 7, blankKind: null } }],
    [
      'an error code that its class does not foresee',
      {
        ok: false,
        error: { kind: 'commandError', errorCode: 'ribbonOut' },
      },
    ],
    ['nothing at all', null],
  ])('turns %s into a contract breach', async (_, answer) => {
    await openPrinterAndScanner();
    host.command('r1', 'printer', 'feedBlank', feed);
    (await printer.nextCall()).answer(answer);
    await host.frames.next();
    const breach = { completionCode: 'hardwareError', reason: 'contractBreach' };
    expect(await host.frames.next()).toEqual(completion('r1', breach));
  });

  it('passes on an error code that the class foresees', async () => {
    await openPrinterAndScanner();
    host.command('r1', 'printer', 'feedBlank', feed);
    const error = { kind: 'commandError', errorCode: 'feederEmpty' };
    (await printer.nextCall()).answer({ ok: false, error });
    await host.frames.next();
    const code = { completionCode: 'commandErrorCode', errorCode: 'feederEmpty' };
    expect(await host.frames.next()).toEqual(completion('r1', code));
  });
});

describe('calling a command back', () => {
  const cancel = (requestId: string, device = 'printer'): void =>
    host.send({ type: 'cancel', requestId, device });

  it('ends one that waits without its driver having seen it', async () => {
    await openPrinterAndScanner();
    host.command('r1', 'printer', 'feedBlank', feed);
    host.command('r2', 'printer', 'presentCard', {});
    cancel('r2');
    const first = await printer.nextCall();
    for (let at = 0; at < 2; at++) expect((await host.frames.next()).type).toBe('acknowledge');
    first.answer({ ok: true, value: { serial: null, blankKind: null } });
    expect(await host.frames.next()).toMatchObject({ requestId: 'r1', completionCode: 'success' });
    const completionCode = 'canceled';
    expect(await host.frames.next()).toEqual(completion('r2', { completionCode }));
    expect(printer.reached).toEqual(['feedBlank']);
  });

  it('is heard by a driver whose command moves nothing, and by none whose command does', async () => {
    await openPrinterAndScanner();
    host.command('r1', 'printer', 'transmitToChip', { apduHex: '00a40400' });
    const apdu = await printer.nextCall();
    cancel('r1');
    await apdu.calledBack;
    apdu.answer({ ok: false, error: { kind: 'canceled' } });
    await host.frames.next();
    const completionCode = 'canceled';
    expect(await host.frames.next()).toEqual(completion('r1', { completionCode }));
    host.command('r2', 'printer', 'feedBlank', feed);
    const feeding = await printer.nextCall();
    expect(feeding.canBeCalledBack).toBe(false);
    cancel('r2');
    feeding.answer({ ok: true, value: { serial: null, blankKind: null } });
    await host.frames.next();
    expect(await host.frames.next()).toMatchObject({ requestId: 'r2', completionCode: 'success' });
  });

  it('comes to nothing when it has completed, or never was', async () => {
    await openPrinterAndScanner();
    host.command('r1', 'printer', 'getStatus', {});
    (await printer.nextCall()).answer({ ok: false, error: { kind: 'deviceGone' } });
    for (let at = 0; at < 2; at++) expect(await host.frames.next()).toHaveProperty('requestId');
    cancel('r1');
    cancel('r7', 'scanner');
    host.command('r2', 'printer', 'getStatus', {});
    const next = await printer.nextCall();
    next.answer({ ok: false, error: { kind: 'deviceGone' } });
    expect(await host.frames.next()).toEqual({ type: 'acknowledge', requestId: 'r2' });
    expect(await host.frames.next()).toMatchObject({ completionCode: 'hardwareError' });
  });
});

describe('unsolicited events', () => {
  it('drops one that its class does not know and sends the next that it does', async () => {
    await openPrinterAndScanner();
    await scanner.started();
    scanner.emit('codeRead', { payload: 'X'.repeat(513) });
    scanner.emit('mediaTaken', {});
    scanner.emit('codeRead', { payload: 'ANJ1.TEST' });
    expect(await host.frames.next()).toEqual({
      type: 'unsolicited',
      device: 'scanner',
      event: 'codeRead',
      payload: { payload: 'ANJ1.TEST' },
    });
  });
});

describe('ending', () => {
  it('stops its drivers and ends when core closes the descriptor', async () => {
    await openPrinterAndScanner();
    host.closeDescriptor();
    expect(await host.exited).toBe(FINISHED);
    expect(await printer.ended()).toEqual({ stopped: true });
  });

  it.each(['hangs', 'throws'] as const)('ends even when a driver %s instead', async (atStop) => {
    await openPrinterAndScanner({ atStop });
    host.closeDescriptor();
    expect(await host.exited).toBe(FINISHED);
    expect(host.stderr).not.toContain('SITI');
  });

  it('exits 71 when a driver throws, answers nothing, and keeps the message out of its log', async () => {
    await openPrinterAndScanner();
    host.command('r1', 'printer', 'feedBlank', feed);
    const call = await printer.nextCall();
    await host.frames.next();
    const next = host.frames.next();
    call.throwError('SITI AMINAH 9912345678901234');
    expect(await host.exited).toBe(71);
    expect(await Promise.race([next, Promise.resolve('no frame')])).toBe('no frame');
    expect(host.stderr).toMatch(/^Error\n\s+at /m);
    expect(host.stderr).not.toMatch(/SITI|99123/);
  });

  it.each([
    ['a frame of no known type', '{"type":"reboot"}\n'],
    ['a frame with a member too many', '{"type":"open","devices":[],"extra":1}\n'],
    ['a line that is no JSON', 'hello\n'],
    ['a second open', '{"type":"open","devices":[]}\n{"type":"open","devices":[]}\n'],
    [
      'a command for a device that is not open',
      '{"type":"command","requestId":"r","device":"x","command":"getStatus","params":{},"sessionId":null}\n',
    ],
  ])('exits 70 at %s', async (_, bytes) => {
    host.sendBytes(bytes);
    expect(await host.exited).toBe(70);
  });
});
