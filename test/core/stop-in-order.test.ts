import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cameTooLate, STOP_LIMIT_MS, stopInOrder } from '../../src/core/stop-in-order.ts';
import {
  discard,
  openFixture,
  started,
  temporaryFolder,
  touched,
  type OpenedFixture,
} from '../journal/fixture.ts';

let fixture: OpenedFixture;
let order: string[];
beforeEach(async () => {
  fixture = openFixture(temporaryFolder());
  order = [];
  await fixture.journal.append({ events: [started] });
});
afterEach(() => {
  fixture.folder.close();
  discard(fixture.path);
});

const lastKind = (): string | undefined => fixture.journal.rows(1, 99).at(-1)?.event.kind;

/** A terminal whose parts say when they were asked and do what the test adds. */
function terminal(
  does: Partial<Record<'runner' | 'link' | 'sender' | 'devices' | 'release', () => unknown>>,
  underWay: () => boolean = () => false,
) {
  const asked = (name: string) => async (): Promise<void> => {
    order.push(name);
    await does[name as keyof typeof does]?.();
  };
  return {
    staffServers: [{ stop: asked('staff') }],
    citizenServers: [{ stop: asked('citizen') }],
    runner: {
      stop: (limitMs: number) => {
        expect(limitMs).toBe(STOP_LIMIT_MS);
        return asked('runner')();
      },
    },
    issuance: { close: () => void order.push('issuance'), underWay },
    link: { stop: asked('link') },
    sender: { stop: asked('sender') },
    devices: { stop: asked('devices') },
    journal: fixture.journal,
    release: asked('release'),
    close: () => void order.push('close'),
  };
}

describe('a stop of the terminal', () => {
  it('closes issuance first, then lets sessions end while the screen still shows them', async () => {
    await stopInOrder(terminal({}), 'asked');
    expect(order).toEqual([
      'issuance',
      'staff',
      'runner',
      'link',
      'sender',
      'citizen',
      'devices',
      'release',
      'close',
    ]);
  });

  it('records its end after everything that was still to be recorded', async () => {
    const record = () => fixture.journal.append({ events: [touched()] });
    await stopInOrder(
      terminal({ runner: record, link: record, sender: record, devices: record, release: record }),
      'asked',
    );
    expect(fixture.journal.rows(1, 99)).toHaveLength(7);
    expect(lastKind()).toBe('core.stopped');
  });

  it('waits for an attempt that moves a card, and ends clean when it settled', async () => {
    const attempt = { open: true };
    const settle = Promise.withResolvers<undefined>();
    const stopping = stopInOrder(
      terminal({ runner: () => settle.promise.then(() => (attempt.open = false)) }, () => {
        return attempt.open;
      }),
      'asked',
    );
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect(order).not.toContain('citizen');
    expect(order).not.toContain('devices');
    settle.resolve(undefined);
    await stopping;
    expect(lastKind()).toBe('core.stopped');
  });

  it('calls no end clean while an attempt is open, and believes nothing it says of devices that left', async () => {
    const late: unknown[] = [];
    const sayLate = () =>
      fixture.journal.append({ events: [touched()] }).catch((cause: unknown) => late.push(cause));
    await stopInOrder(
      terminal({ devices: sayLate }, () => true),
      'asked',
    );
    expect(late.map(cameTooLate)).toEqual([true]);
    expect(lastKind()).toBe('core.started');
    expect(order.at(-1)).toBe('close');
  });

  it('takes only what came too late for harmless', async () => {
    await fixture.journal.stop('asked');
    const late = await fixture.journal.append({ events: [touched()] }).catch((e: unknown) => e);
    expect(cameTooLate(late)).toBe(true);
    expect(cameTooLate(new Error('the journal was not written: stopped'))).toBe(false);
  });
});
