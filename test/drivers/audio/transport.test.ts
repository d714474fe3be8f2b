import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ProgramName } from '../../../drivers/audio/protocol.ts';
import {
  FIND_VOICE_MS,
  LOOK_MS,
  systemSpeech,
  type SpeechPrograms,
} from '../../../drivers/audio/transport.ts';
import { FakeClock } from '../../../src/base/fake-clock.ts';

const WORDS = {
  text: 'satu dua tiga',
  voice: 'id',
  wordsPerMinute: 160,
  amplitude: 100,
  output: 'room',
};
const NOWHERE = '/nowhere/program';
/** What aplay writes once an output took the sound. */
const SET_UP = 'echo "Its setup is:" >&2';

let dir: string;
let clock: FakeClock;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'anjungan-speech-'));
  clock = new FakeClock();
  writeFileSync(join(dir, 'asound.conf'), 'pcm.room { type null }\npcm.away { type hw card 31 }\n');
});

afterEach(() => rmSync(dir, { recursive: true }));

/** The programs of this machine, but for those that are played by a script. */
function speech(scripts: Partial<Record<ProgramName, string>> = {}): SpeechPrograms {
  const programs = { 'espeak-ng': 'espeak-ng', aplay: 'aplay' };
  for (const name of ['espeak-ng', 'aplay'] as const) {
    const script = scripts[name];
    if (script === undefined) continue;
    programs[name] = script === NOWHERE ? NOWHERE : join(dir, name);
    if (script === NOWHERE) continue;
    writeFileSync(programs[name], `#!/bin/sh\n${script}\n`);
    chmodSync(programs[name], 0o700);
  }
  return systemSpeech({ clock, programs, alsaConfigPath: join(dir, 'asound.conf') });
}

const faulty = (kind: string) => ({ kind: 'failed', fault: { kind } });

describe('espeak-ng and aplay at work', () => {
  it('look at an output, and say that one is absent', async () => {
    expect(await speech().look('room')).toEqual({ ok: true, value: undefined });
    expect(await speech().look('away')).toEqual({ ok: false, error: { kind: 'absent' } });
    expect(await speech().look('unheard-of')).toEqual({ ok: false, error: { kind: 'absent' } });
  });

  it('tell a voice that there is from one that there is not', async () => {
    expect(await speech().hasVoice('id')).toEqual({ ok: true, value: true });
    expect(await speech().hasVoice('zz')).toEqual({ ok: true, value: false });
  });

  it('begin and end an utterance', async () => {
    const utterance = speech().say(WORDS);
    expect(await utterance.begun).toBe(true);
    expect(await utterance.ended).toEqual({ kind: 'spoken' });
  });

  it('never begin on an output that is absent', async () => {
    const utterance = speech().say({ ...WORDS, output: 'away' });
    expect(await utterance.begun).toBe(false);
    expect(await utterance.ended).toEqual(faulty('absent'));
  });

  it('come to an end with a text that has nothing to say', async () => {
    expect(await speech().say({ ...WORDS, text: ' ' }).ended).toEqual({ kind: 'spoken' });
  });
});

describe('programs that are missing or go wrong', () => {
  it('are named where they are not installed', async () => {
    const noPlayer = { ok: false, error: { kind: 'missingProgram', program: 'aplay' } };
    expect(await speech({ aplay: NOWHERE }).look('room')).toEqual(noPlayer);
    expect(await speech({ aplay: NOWHERE }).say(WORDS).ended).toEqual({
      kind: 'failed',
      fault: noPlayer.error,
    });
    const noVoice = { ok: false, error: { kind: 'missingProgram', program: 'espeak-ng' } };
    expect(await speech({ 'espeak-ng': NOWHERE }).hasVoice('id')).toEqual(noVoice);
    expect(await speech({ 'espeak-ng': NOWHERE }).say(WORDS).ended).toEqual({
      kind: 'failed',
      fault: noVoice.error,
    });
  });

  it('fail an utterance whose output vanishes in the middle', async () => {
    const aplay = `${SET_UP}; head -c 4000 >/dev/null
      echo 'aplay: pcm_write:2127: write error: No such device' >&2; exit 1`;
    const utterance = speech({ aplay }).say({ ...WORDS, text: 'satu dua tiga '.repeat(100) });
    expect(await utterance.begun).toBe(true);
    expect(await utterance.ended).toEqual(faulty('absent'));
  });

  it('fail an utterance whose voice dies, though the output played all it got', async () => {
    const script = `espeak-ng -v id --stdout satu; kill -SEGV $$`;
    const utterance = speech({ 'espeak-ng': script }).say(WORDS);
    expect(await utterance.ended).toEqual(faulty('synthesiserFailed'));
  });

  it('fail an utterance whose voice says nothing at all', async () => {
    const utterance = speech({ 'espeak-ng': 'exit 1' }).say(WORDS);
    expect(await utterance.begun).toBe(false);
    expect(await utterance.ended).toEqual(faulty('synthesiserFailed'));
  });

  it('are no less ended by a cut-off where they do not care for signals', async () => {
    const deaf = `trap '' TERM INT HUP PIPE; ${SET_UP}; while :; do sleep 1; done`;
    const utterance = speech({ aplay: deaf, 'espeak-ng': deaf }).say(WORDS);
    expect(await utterance.begun).toBe(true);
    await utterance.cutOff();
    expect(await utterance.ended).toEqual({ kind: 'cutOff' });
    await utterance.cutOff();
  });

  it('call an output silent that does not open in its time', async () => {
    const looking = speech({ aplay: 'exec sleep 60' }).look('room');
    clock.advance(LOOK_MS);
    expect(await looking).toEqual({ ok: false, error: { kind: 'silent' } });
  });

  it('are not waited for beyond their time, though they never come to their end', async () => {
    // Its own end is not all of it: the end of what it started is waited for as that of a process in the kernel is.
    const begun = join(dir, 'begun');
    execFileSync('mkfifo', [begun]);
    const endless = `sleep 20 & echo >${begun}; exec sleep 20`;
    const programs = speech({ aplay: endless, 'espeak-ng': endless });
    const looking = programs.look('room');
    await readFile(begun);
    clock.advance(LOOK_MS);
    expect(await looking).toEqual({ ok: false, error: { kind: 'silent' } });
    const finding = programs.hasVoice('id');
    await readFile(begun);
    clock.advance(FIND_VOICE_MS);
    expect(await finding).toEqual({ ok: false, error: { kind: 'synthesiserFailed' } });
  }, 10_000);

  it('are not joined by others while one hangs', async () => {
    const programs = speech({ aplay: 'exec sleep 20' });
    const looking = programs.look('room');
    clock.advance(LOOK_MS);
    await looking;
    expect(await programs.look('room')).toEqual({ ok: false, error: { kind: 'silent' } });
    expect(clock.pending).toBe(0);
  });
});
