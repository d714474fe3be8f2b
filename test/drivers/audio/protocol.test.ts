import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  faultOf,
  longestSpeechMs,
  playArguments,
  speakable,
  tookTheSound,
  voiceArguments,
} from '../../../drivers/audio/protocol.ts';

const WORDS = {
  text: 'Budi Santoso',
  voice: 'id',
  wordsPerMinute: 160,
  amplitude: 80,
  output: 'plughw:CARD=Headset',
};

/** Whatever a string can hold, with the control characters and the brackets often enough. */
const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.nat(0xffff), fc.nat(0x7f)), { maxLength })
    .map((units) => String.fromCharCode(...units));

describe('what is given to espeak-ng and aplay', () => {
  it('asks for the voice, the speed and the loudness, and leaves the text to standard input', () => {
    expect(voiceArguments(WORDS).join(' ')).toBe('-v id -s 160 -a 80 -b 1 --stdin --stdout');
    expect(playArguments(WORDS.output).join(' ')).toBe('-v -D plughw:CARD=Headset -t wav -');
  });

  it('has no character left in a text that espeak-ng would obey', () => {
    expect(speakable('a\u0001900S [[h@loU]]\nb\u0000c\u200f')).toBe('a 900S   h@loU   b c ');
    fc.assert(
      fc.property(anyText(60), (text) => {
        const given = speakable(text);
        expect(given).not.toMatch(/[\p{Cc}\p{Cf}[\]]/u);
        expect(given.isWellFormed()).toBe(true);
      }),
    );
  });

  it('keeps all that is letters, digits and marks', () => {
    const text = 'Nomor 99-01, "Jl. Melati" RT 003/RW 004 – 50% & élan?';
    expect(speakable(text)).toBe(text);
  });

  it('waits longer the longer the text and the slower the voice', () => {
    const long = { ...WORDS, text: 'x'.repeat(2_000) };
    expect(longestSpeechMs(long)).toBeGreaterThan(longestSpeechMs(WORDS));
    expect(longestSpeechMs({ ...WORDS, wordsPerMinute: 80 })).toBeGreaterThan(
      longestSpeechMs(WORDS),
    );
  });
});

describe('what aplay complains of', () => {
  it.each([
    ['aplay: main:831: audio open error: No such file or directory\n', 'absent'],
    ['aplay: pcm_write:2127: write error: No such device\n', 'absent'],
    ['aplay: main:831: audio open error: Device or resource busy\n', 'inUse'],
    ['aplay: main:831: audio open error: Permission denied\n', 'refused'],
    ['aplay: set_params:1435: Sample format non available\n', 'broken'],
    ['underrun!!! (at least 0.1 ms long)\n', 'broken'],
    ['', 'broken'],
  ])('%j is %s', (complaints, kind) => {
    expect(faultOf(complaints)).toEqual({ kind });
  });

  it('says by its first dump, and by nothing before it, that the output took the sound', () => {
    const playing = "Playing WAVE 'stdin' : Signed 16 bit Little Endian, Rate 22050 Hz, Mono\n";
    expect(tookTheSound(playing)).toBe(false);
    expect(tookTheSound(`${playing}Null PCM\nIts setup is:\n  stream`)).toBe(true);
  });

  it('is never more than a kind of fault, whatever it writes', () => {
    fc.assert(
      fc.property(anyText(10_000), (text) => {
        expect(['absent', 'inUse', 'refused', 'broken']).toContain(faultOf(text).kind);
      }),
    );
  });
});
