import { describe, expect, it } from '@jest/globals';
import { cardPrinterCommands } from '../../../drivers/contract/card-printer.ts';
import { cardReaderCommands } from '../../../drivers/contract/card-reader.ts';
import type { CommandFailure } from '../../../drivers/contract/command.ts';
import {
  checkedAnswer,
  fromCompletion,
  toCompletion,
} from '../../../drivers/contract/completion.ts';
import { findCommand, findEvent } from '../../../drivers/contract/device-classes.ts';
import { completionCodeSchema } from '../../../drivers/contract/words.ts';
import { err, ok } from '../../../src/base/result.ts';

const spec = cardPrinterCommands.feedBlank;

describe('the end of a command, over the wire', () => {
  it.each<CommandFailure>([
    { kind: 'commandError', errorCode: 'feederEmpty' },
    { kind: 'notReady', reason: 'lidOpen' },
    { kind: 'invalidData', reason: 'feeder' },
    { kind: 'unsupported' },
    { kind: 'deviceGone' },
    { kind: 'hardwareError', reason: 'contractBreach' },
    { kind: 'noAnswer' },
  ])('arrives as it was sent: $kind', (failure) => {
    expect(fromCompletion(spec, toCompletion(err(failure)))).toEqual(err(failure));
  });

  it('arrives as canceled where the command could be called back, and is a breach where not', () => {
    const canceled = err<CommandFailure>({ kind: 'canceled' });
    const { readIdentity, acceptCard, captureCard } = cardReaderCommands;
    for (const callable of [readIdentity, acceptCard]) {
      expect(fromCompletion(callable, toCompletion(canceled))).toEqual(canceled);
    }
    for (const moving of [captureCard, spec]) {
      expect(checkedAnswer(moving, canceled)).toEqual({
        ...err({ kind: 'hardwareError', reason: 'contractBreach' }),
        breach: ['error.kind canceled'],
      });
    }
  });

  it('arrives with its result', () => {
    const answer = ok({ serial: 'K7', blankKind: 'kia' });
    expect(fromCompletion(spec, toCompletion(answer))).toEqual(answer);
  });

  it('is a failure for every code but success', () => {
    const end = {
      errorCode: 'feederEmpty',
      reason: 'any',
      payload: { serial: null, blankKind: null },
    };
    for (const completionCode of completionCodeSchema.options) {
      const answer = fromCompletion(spec, { ...end, completionCode });
      expect([completionCode, answer.ok]).toEqual([completionCode, completionCode === 'success']);
    }
  });

  it('is a contract breach where result or error code are not of the command', () => {
    const end = { completionCode: 'success', errorCode: null, reason: null } as const;
    const breach = err({ kind: 'hardwareError', reason: 'contractBreach' });
    expect(fromCompletion(spec, { ...end, payload: { serial: 7, blankKind: null } })).toMatchObject(
      breach,
    );
    const foreign = { ...end, completionCode: 'commandErrorCode', errorCode: 'ribbonOut' } as const;
    expect(fromCompletion(spec, { ...foreign, payload: null })).toMatchObject(breach);
  });
});

describe('a driver’s answer', () => {
  it('names the place of a breach and never the value', () => {
    const answer = { ok: true, value: { serial: 'K7', blankKind: null, holder: 'SITI' } };
    const checked = checkedAnswer(spec, answer);
    expect(checked.breach).toEqual(['value']);
    expect(JSON.stringify(checked)).not.toContain('SITI');
  });
});

describe('names that came over a wire', () => {
  it('find commands and events of their class only', () => {
    expect(findCommand('cardPrinter', 'feedBlank')).toBe(spec);
    expect(findCommand('cardPrinter', 'readIdentity')).toBeUndefined();
    expect(findCommand('cardPrinter', 'constructor')).toBeUndefined();
    expect(findEvent('codeScanner', 'statusChanged')).toBeDefined();
    expect(findEvent('codeScanner', 'mediaTaken')).toBeUndefined();
    expect(findEvent('codeScanner', 'toString')).toBeUndefined();
  });
});
