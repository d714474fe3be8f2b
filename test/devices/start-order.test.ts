import { describe, expect, it } from '@jest/globals';
import type { DeviceClass } from '../../drivers/contract/words.ts';
import { stageOf, startInStages } from '../../src/devices/start-order.ts';

describe('the start order', () => {
  it('is the cabinet, the printers, the voices, and last what a citizen begins with', () => {
    const classes: DeviceClass[] = [
      'ups',
      'cabinetIo',
      'cardPrinter',
      'pagePrinter',
      'receiptPrinter',
      'audio',
      'biometric',
      'cardReader',
      'codeScanner',
    ];
    expect(classes.map((one) => stageOf([one]))).toEqual([
      'cabinet',
      'cabinet',
      'printers',
      'printers',
      'printers',
      'voices',
      'readers',
      'readers',
      'readers',
    ]);
  });

  it('starts a process with the last of its devices', () => {
    expect(stageOf(['codeScanner', 'ups'])).toBe('readers');
    expect(stageOf(['ups', 'pagePrinter'])).toBe('printers');
  });

  it('begins no stage before every process of the one before it has settled', async () => {
    const begun: string[] = [];
    const ends = new Map<string, (end: string) => void>();
    const host = (name: string, ...classes: DeviceClass[]) => ({
      classes,
      start: () => {
        begun.push(name);
        return new Promise<string>((resolve) => ends.set(name, resolve));
      },
    });
    const settle = async (name: string): Promise<void> => {
      ends.get(name)?.(`${name} settled`);
      await new Promise((resolve) => setImmediate(resolve));
    };
    const all = startInStages([
      host('readers', 'cardReader', 'codeScanner'),
      host('cards', 'cardPrinter'),
      host('power', 'ups'),
      host('paper', 'pagePrinter'),
    ]);
    expect(begun).toEqual(['power']);
    await settle('power');
    expect(begun).toEqual(['power', 'cards', 'paper']);
    await settle('paper');
    expect(begun).toEqual(['power', 'cards', 'paper']);
    await settle('cards');
    expect(begun).toEqual(['power', 'cards', 'paper', 'readers']);
    await settle('readers');
    expect(await all).toEqual([
      'power settled',
      'cards settled',
      'paper settled',
      'readers settled',
    ]);
  });
});
