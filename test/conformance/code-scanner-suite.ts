import { expect } from '@jest/globals';
import {
  MAX_CODE_BYTES,
  type CodeScannerCapabilities,
} from '../../drivers/contract/code-scanner.ts';
import type { Driver } from '../../drivers/contract/driver.ts';
import type { EventLog } from '../drivers/cabinet/event-log.ts';
import { eachOnItsOwn, withHelp, type Case } from './case.ts';

/** A code scanner that is plugged in and started, and somebody who scans with it. */
export interface CodeScannerRig {
  readonly driver: Driver<'codeScanner'>;
  readonly events: EventLog<'codeScanner'>;
  /** Sends a payload of any length as the device would. */
  scan(payload: string): Promise<void>;
  unplug(): Promise<void>;
  plug(): Promise<void>;
  /** Completes when the line was let go of, or the driver was told that it is gone. */
  lineEnded(): Promise<void>;
  stop(): Promise<void>;
}

const CODE = 'ANJ1.ABCDEFGHIJKLMNOPQRSTUVWXYZ23';

const help = (rig: CodeScannerRig) => ({
  rig,
  state: async (): Promise<string> => {
    const status = await rig.driver.handlers.getStatus({});
    return status.ok ? status.value.state : status.error.kind;
  },
  read: (payload: string): Promise<void> =>
    rig.events.heard('codeRead', (event) => event.payload === payload),
});

/** What every code scanner keeps, with the capabilities it claims. */
export const codeScannerCases = (
  capabilities: CodeScannerCapabilities,
): readonly Case<CodeScannerRig>[] =>
  withHelp(help, [
    {
      title: 'claims the capabilities it is tested for',
      prove: async ({ rig }) => {
        const answer = await rig.driver.handlers.getCapabilities({});
        expect(answer).toEqual({ ok: true, value: capabilities });
      },
    },

    {
      title: 'is online once it was found',
      prove: async ({ state }) => {
        expect(await state()).toBe('online');
      },
    },

    {
      title: 'passes on a payload exactly as it was scanned',
      prove: async ({ rig, read }) => {
        await rig.scan(CODE);
        await read(CODE);
        expect(rig.events.named('codeRead')).toEqual([{ payload: CODE }]);
      },
    },

    {
      title: 'keeps two scans in a row apart',
      prove: async ({ rig, read }) => {
        await rig.scan(`${CODE}A`);
        await rig.scan(`${CODE}B`);
        await read(`${CODE}B`);
        expect(rig.events.named('codeRead')).toEqual([
          { payload: `${CODE}A` },
          { payload: `${CODE}B` },
        ]);
      },
    },

    {
      title: 'passes on the longest payload and drops one that is longer, whole, with a reason',
      prove: async ({ rig, read }) => {
        const longest = 'x'.repeat(MAX_CODE_BYTES);
        await rig.scan(`${longest}y`);
        await rig.events.heard('statusChanged', ({ reasons }) =>
          reasons.includes('readDropped.tooLong'),
        );
        await rig.scan(longest);
        await read(longest);
        expect(rig.events.named('codeRead')).toEqual([{ payload: longest }]);
      },
    },

    {
      title: 'never passes on what is not printable ASCII',
      prove: async ({ rig, read }) => {
        await rig.scan('ANJ1.\u001b[31m');
        await rig.scan(CODE);
        await read(CODE);
        expect(rig.events.named('codeRead')).toEqual([{ payload: CODE }]);
      },
    },

    {
      title: 'says so when it is unplugged, and reads again once it is plugged in',
      prove: async ({ rig, state, read }) => {
        await rig.unplug();
        await rig.events.heard('statusChanged', (status) => status.state === 'powerOff');
        expect(await state()).toBe('powerOff');
        rig.events.forget();
        await rig.plug();
        await rig.events.heard('statusChanged', (status) => status.state === 'online');
        await rig.scan(CODE);
        await read(CODE);
      },
    },

    {
      title: 'says nothing more once it was stopped',
      prove: async ({ rig }) => {
        await rig.driver.stop();
        rig.events.forget();
        await rig.unplug();
        await rig.lineEnded();
        expect(rig.events.all).toEqual([]);
      },
    },
  ]);

export function codeScannerConformance(
  name: string,
  capabilities: CodeScannerCapabilities,
  setUp: () => Promise<CodeScannerRig>,
): void {
  eachOnItsOwn(`${name} as a code scanner`, codeScannerCases(capabilities), setUp);
}
