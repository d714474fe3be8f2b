import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ccidInterfacesIn } from '../../../drivers/ccid-card-reader/descriptors.ts';
import { descriptorsOf } from '../../../drivers/ccid-card-reader/simulator-bus.ts';
import { SimulatedCcidReader } from '../../../drivers/ccid-card-reader/simulator.ts';

const simulated = descriptorsOf(new SimulatedCcidReader({ slots: 2 }).options);

describe('the descriptors of a CCID reader', () => {
  it('say what the reader can do', () => {
    expect(ccidInterfacesIn(simulated)).toEqual([
      {
        interfaceNumber: 0,
        alternateSetting: 0,
        bulkIn: 2,
        bulkOut: 3,
        packetBytes: 64,
        interruptIn: { endpoint: 1, packetBytes: 64 },
        slots: 2,
        level: 'extendedApdu',
        automaticParameters: true,
        powerSelects: [0],
        maxMessageBytes: 271,
      },
    ]);
  });

  it.each(['character', 'tpdu', 'shortApdu', 'extendedApdu'] as const)(
    'say that commands are exchanged at the level %s',
    (level) => {
      const { options } = new SimulatedCcidReader({ level });
      expect(ccidInterfacesIn(descriptorsOf(options)).map((shape) => shape.level)).toEqual([level]);
    },
  );

  it('name the powers that the host has to try, the lowest first', () => {
    const { options } = new SimulatedCcidReader({ voltages: [1, 3] });
    const [shape] = ccidInterfacesIn(descriptorsOf(options));
    expect(shape?.powerSelects).toEqual([3, 2, 1]);
  });

  it('are left out where the class descriptor is missing, cut, or of another class', () => {
    const at = simulated.indexOf(54);
    const without = Buffer.concat([simulated.subarray(0, at), simulated.subarray(at + 54)]);
    expect(ccidInterfacesIn(without)).toEqual([]);
    expect(ccidInterfacesIn(simulated.subarray(0, at + 20))).toEqual([]);
    const otherClass = Buffer.from(simulated);
    otherClass.writeUInt8(0x07, 18 + 9 + 5);
    expect(ccidInterfacesIn(otherClass)).toEqual([]);
  });

  it('are read to an end, whatever bytes they are', () => {
    fc.assert(
      fc.property(
        fc.nat(simulated.length),
        fc.uint8Array({ maxLength: 80 }),
        fc.nat(40),
        (cut, noise, skipped) => {
          const bytes = Buffer.concat([
            simulated.subarray(0, cut),
            noise,
            simulated.subarray(cut + skipped),
          ]);
          for (const shape of ccidInterfacesIn(bytes)) {
            expect(shape.packetBytes).toBeGreaterThan(0);
            expect(shape.slots).toBeGreaterThan(0);
          }
        },
      ),
    );
  });
});
