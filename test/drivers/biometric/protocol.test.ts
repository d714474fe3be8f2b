import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromEngineSchema } from '../../../drivers/biometric/protocol.ts';
import {
  minutiaeOf,
  readCompactReference,
  readReference,
  simulatedReference,
} from '../../../drivers/biometric/simulated-template.ts';
import { JsonLineDecoder } from '../../../src/base/json-lines.ts';

const whole = simulatedReference('holder', 'leftThumb', 'iso19794-2');

describe('the references of the simulated engine', () => {
  it('are records of ISO/IEC 19794-2 that say their own length and finger', () => {
    expect(whole.subarray(0, 8).toString('latin1')).toBe('FMR\0 20\0');
    expect(whole.readUInt32BE(8)).toBe(whole.length);
    // Table 5: the left thumb is 6.
    expect(whole[24]).toBe(6);
    expect(readReference(whole)).toEqual(minutiaeOf('holder', 'leftThumb'));
  });

  it('hold the same points in the compact form', () => {
    const compact = simulatedReference('holder', 'leftThumb', 'iso19794-2-compact');
    expect(readCompactReference(compact)).toEqual(minutiaeOf('holder', 'leftThumb'));
  });

  it('are none once they were cut anywhere', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (at) => {
        expect(readReference(whole.subarray(0, at))).toBeNull();
      }),
    );
  });

  it('never make their reader throw, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, headed) => {
        const record = Buffer.concat([headed ? whole.subarray(0, 8) : Buffer.alloc(0), bytes]);
        readReference(record);
        readCompactReference(record);
      }),
    );
  });
});

describe('what an engine says', () => {
  it('is a frame, or is not, in whatever pieces and with whatever garbage it comes', () => {
    const good = Buffer.from('{"type":"sensor","sensor":"ready"}\n');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(good.length), (garbage, cut) => {
        const decoder = new JsonLineDecoder(4_096);
        for (const piece of [good.subarray(0, cut), garbage, good.subarray(cut)]) {
          const frames = decoder.push(Buffer.from(piece));
          if (!frames.ok) return;
          for (const frame of frames.value) fromEngineSchema.safeParse(frame);
        }
      }),
    );
  });
});
