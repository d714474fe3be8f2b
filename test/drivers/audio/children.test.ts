import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HostedDevice } from '../../conformance/hosted-device.ts';
import { FINISHED } from '../host/host-under-test.ts';
import { AlsaRoom } from './alsa-room.ts';

/** Synthetic, and long enough to be spoken for a while. */
const SECRET = 'Rahasiawati';
const SPEAK = {
  utteranceId: 'private',
  text: `Selamat datang ${SECRET}. `.repeat(40),
  language: 'id',
  output: 'headset',
  volumePercent: 100,
  wordsPerMinute: 120,
};

let room: AlsaRoom;
let device: HostedDevice;

beforeEach(async () => {
  room = new AlsaRoom();
  device = await HostedDevice.open('audio', 'audio', {
    loudspeaker: 'room',
    headset: 'ear',
    alsaConfigPath: room.configPath,
  });
  expect(await device.call('speak', SPEAK)).toMatchObject({ ok: true });
  await room.hearSome('headset');
});

afterEach(async () => {
  await device.close();
  await room.leave();
});

describe('the children of a voice in the real device host', () => {
  it('are an espeak-ng and an aplay, and show nobody what is said', async () => {
    const speaking = descendantsOf(process.pid);
    const commands = speaking.map((pid) => ofProcess(pid, 'cmdline').replaceAll('\0', ' '));
    expect(commands.filter((command) => /^(espeak-ng|aplay) /.test(command))).toHaveLength(2);
    const shown = speaking.map((pid) => ofProcess(pid, 'cmdline') + ofProcess(pid, 'environ'));
    expect(shown.join('\n')).not.toContain(SECRET);
    expect(readdirSync(room.dir).sort()).toEqual(['asound.conf', 'headset', 'loudspeaker']);
    expect(await device.close()).toBe(FINISHED);
    expect(device.complaints).toBe('');
  });

  it('are gone when their host was stopped in the middle of a word', async () => {
    const children = childrenAtWork();
    expect(await device.close()).toBe(FINISHED);
    expect(children.filter(isAlive)).toEqual([]);
  });

  it('die with a host that is killed', async () => {
    const children = childrenAtWork();
    process.kill(hostPid(), 'SIGKILL');
    while (children.some(isAlive)) await delay(10);
    // What was in the air is heard; the rest of a minute's speech is not.
    const heard = await room.heard('headset');
    expect(heard).toBeGreaterThan(0);
    expect(heard).toBeLessThan(400_000);
  });
});

const hostPid = (): number => {
  const host = descendantsOf(process.pid).find((pid) =>
    ofProcess(pid, 'cmdline').includes('drivers/host/main.'),
  );
  if (host === undefined) throw new Error('no host runs');
  return host;
};

function childrenAtWork(): number[] {
  const children = descendantsOf(hostPid());
  expect(children).toHaveLength(2);
  return children;
}

function descendantsOf(pid: number): number[] {
  const children = ofProcess(pid, `task/${pid}/children`).match(/\d+/g) ?? [];
  return children.map(Number).flatMap((child) => [child, ...descendantsOf(child)]);
}

/** One that has ended and waits to be counted by its parent is not alive. */
const isAlive = (pid: number): boolean => /^State:\s+[^ZX]/m.test(ofProcess(pid, 'status'));

/** proc(5); empty of what has ended. */
function ofProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}
