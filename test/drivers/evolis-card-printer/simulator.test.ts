import { describe, expect, it } from '@jest/globals';
import { StreamBreach } from '../../../drivers/evolis-card-printer/simulator-parser.ts';
import { SimulatedEvolisPrinter } from '../../../drivers/evolis-card-printer/simulator.ts';
import { blanks } from './evolis-rig.ts';

const GOOD = 0x18;
const MEDIA_AT_ITS_END = 0x38;

/** One that was told to feed from the first feeder, which holds no blank yet. */
function ready() {
  const printer = new SimulatedEvolisPrinter();
  const tell = (...commands: readonly string[]): void => {
    for (const one of commands) printer.receive(Buffer.from(`\x1b${one}\r`, 'latin1'));
  };
  tell('Pem;2', 'Pmi;B', 'Piem;1;0');
  return { printer, tell };
}

describe('the simulated Evolis printer', () => {
  it('has a card at its station where that is the place it was fed to, until a job begins', () => {
    for (const [command, there] of [
      ['Sic', 'SP1'],
      ['Si', undefined],
    ] as const) {
      const { printer, tell } = ready();
      printer.load(1, blanks('ktpEl', 1));
      tell(command);
      expect([printer.atStation?.serial, printer.exit.length]).toEqual([there, 0]);
      tell('Ss');
      expect(printer.atStation).toBeNull();
      tell('Sr', 'Se');
      expect(printer.exit).toEqual([{ blank: blanks('ktpEl', 1)[0], front: [], back: [] }]);
    }
  });

  it('is mended by blanks only where it found that very feeder empty', () => {
    const { printer, tell } = ready();
    tell('Si');
    expect(printer.portStatus).toBe(MEDIA_AT_ITS_END);
    printer.load(2, blanks('kia', 1));
    expect(printer.portStatus).toBe(MEDIA_AT_ITS_END);
    printer.load(1, blanks('ktpEl', 1));
    expect(printer.portStatus).toBe(GOOD);
  });

  it('stays jammed, or at the end of its ribbon, whatever is loaded', () => {
    for (const hurt of ['jam', 'endRibbon'] as const) {
      const { printer, tell } = ready();
      tell('Si');
      printer[hurt]();
      const before = printer.portStatus;
      printer.load(2, blanks('kia', 1));
      expect(printer.portStatus).toBe(before);
      printer.load(1, blanks('ktpEl', 1));
      expect(printer.portStatus).not.toBe(GOOD);
      printer.clear();
      expect(printer.portStatus).toBe(GOOD);
    }
  });

  it.each(['Piem', 'Piem;1', 'Piem;0;0', 'Piem;3;0', 'Piem;1;4', 'Piem;1;', 'Piem;1;0;s'])(
    'is not told by %s where to take a blank from',
    (command) => {
      const { tell } = ready();
      expect(() => tell(command)).toThrow(StreamBreach);
    },
  );
});
