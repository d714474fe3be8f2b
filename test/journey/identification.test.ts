import { readFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TERMINAL_ID } from '../../scripts/stack/stack.ts';
import type { Approved, Resident } from '../../scripts/stack/resident.ts';
import { newCollectionCode } from '../../src/domain/collection-code.ts';
import { pkiPaths, terminalCertPath, terminalKeyPath } from '../../src/registry/reference/pki.ts';
import type { CitizenProblem } from '../../src/rpc/citizen-view.ts';
import { startListener } from '../lockdown/listener.ts';
import { atTerminal, citizen, terminal } from './support/at-terminal.ts';
import { foundInClear } from './support/in-clear.ts';
import { PATIENCE_MS, type Citizen } from './support/citizen.ts';
import { expectSentence } from './support/sentences.ts';
import type { Moment } from './support/terminal.ts';

let before: Moment;

atTerminal();
beforeEach(async () => {
  before = await terminal.now();
});
afterEach(async () => {
  expect(await terminal.movedSince(before)).toEqual([]);
});

const another = (digits: string): string =>
  digits.replace(/\d$/, (last) => String((Number(last) + 1) % 10));

/** Waits for the problem and sees that it can be said in both languages. */
async function expectTold(code: CitizenProblem): Promise<Awaited<ReturnType<Citizen['told']>>> {
  expectSentence(code);
  return citizen.told(code);
}

/** A KK that somebody could print, were it not for what the test does. */
async function readyKk(): Promise<{ readonly holder: Resident; readonly approved: Approved }> {
  const holder = terminal.people.head(1, 10);
  const approved = await terminal.approved(holder, { documentKind: 'kk', reason: 'changed' });
  return { holder, approved };
}

describe('a NIK', () => {
  it('that is none is asked for again', async () => {
    const view = await citizen.typeNik('9932134713900001');
    expect(view.screen.name).toBe('enterNik');
    await expectTold('nikMalformed');
  });

  it('of a living person is not taken by a specimen terminal', async () => {
    const view = await citizen.typeNik('3171014101900001');
    expect(view.screen.name).toBe('enterNik');
    await expectTold('nikNotSpecimen');
  });

  it('that the registry does not know is answered like a wrong PIN', async () => {
    const unknown = await citizen.typeNik('9971014101900001');
    expect(unknown.screen.name).toBe('enterPin');
    const stranger = await citizen.typePin('123456');
    expect(stranger.screen.name).toBe('enterPin');
    const { problem } = await expectTold('refused');
    await citizen.leave();
    const { holder, approved } = await readyKk();
    await citizen.typeNik(holder.nik);
    const known = await citizen.typePin(another(approved.pin));
    expect(known.problem).toEqual(problem);
  });
});

describe('a PIN', () => {
  it('typed wrong once leaves the right one as good as before', async () => {
    const { holder, approved } = await readyKk();
    await citizen.typeNik(holder.nik);
    await citizen.typePin(another(approved.pin));
    expect((await expectTold('refused')).problem?.params).toEqual({ triesLeft: 2 });
    const list = await citizen.typePin(approved.pin);
    expect(list.screen).toMatchObject({
      name: 'chooseDocument',
      documents: [{ requestId: approved.requestId, unavailable: null }],
    });
  });

  it('typed wrong three times ends the session, and five times makes even the right one wait', async () => {
    const { holder, approved } = await readyKk();
    await citizen.typeNik(holder.nik);
    await citizen.typePin(another(approved.pin));
    await expectTold('refused');
    await citizen.typePin(another(approved.pin));
    await expectTold('refusedLastTry');
    await citizen.typePin(another(approved.pin));
    expect((await expectTold('triesUsedUp')).screen.name).toBe('goodbye');
    await citizen.leave();
    await citizen.typeNik(holder.nik);
    await citizen.typePin(another(approved.pin));
    await expectTold('refused');
    await citizen.typePin(another(approved.pin));
    expect((await citizen.see('goodbye')).problem).not.toBeNull();
    await citizen.leave();
    await citizen.typeNik(holder.nik);
    await citizen.typePin(approved.pin);
    const { problem } = await expectTold('waitBeforeRetry');
    expect(problem?.params['waitSeconds']).toBeGreaterThan(0);
    await terminal.untilRequest(approved.requestId, 'siapCetak');
  });

  it('that a thief of the card does not have keeps the card worthless', async () => {
    const { holder, approved } = await readyKk();
    await citizen.see('welcome');
    await citizen.tap(holder);
    await citizen.see('enterPin');
    for (const guess of ['000000', '123456']) {
      expect((await citizen.typePin(guess)).screen.name).toBe('enterPin');
    }
    expect((await citizen.typePin('111111')).screen.name).toBe('takeYourCard');
    await expectTold('triesUsedUp');
    await terminal.untilRequest(approved.requestId, 'siapCetak');
  });
});

describe('a code', () => {
  it('that the registry never made opens nothing, whatever is typed after it', async () => {
    await citizen.see('welcome');
    await citizen.scan(newCollectionCode());
    await citizen.see('enterPrintCode');
    const view = await citizen.press(
      { kind: 'submitPrintCode', printCode: '12345678' },
      'enterPrintCode',
    );
    expect(view.problem?.code).toBe('refused');
    expectSentence('refused');
  });

  it('with the print code of another document opens nothing, and its own still counts', async () => {
    const { approved } = await readyKk();
    const { approved: other } = await readyKk();
    await citizen.see('welcome');
    await citizen.scan(approved.collectionCode);
    await citizen.see('enterPrintCode');
    const { printCode } = other;
    const view = await citizen.press({ kind: 'submitPrintCode', printCode }, 'enterPrintCode');
    expect(view.problem?.code).toBe('refused');
    const own = { kind: 'submitPrintCode', printCode: approved.printCode } as const;
    await citizen.press(own, 'confirm');
  });

  it('that was misread is asked for again', async () => {
    const code = newCollectionCode();
    await citizen.see('welcome');
    await citizen.scan(code.slice(0, -1) + (code.endsWith('A') ? 'B' : 'A'));
    expect((await expectTold('codeMisread')).screen.name).toBe('presentCode');
  });

  it('that is an address is not opened', async () => {
    const listener = await startListener();
    try {
      await citizen.see('welcome');
      await citizen.scan(`${listener.url}ANJ1.AAAAAAAAAAAAAAAAAAAAAAAAAAAA`);
      expect((await expectTold('codeNotOurs')).screen.name).toBe('presentCode');
      await citizen.leave();
      expect(listener.heard()).toBe(0);
      // It would have heard: this call, made after all the others could be, is the first.
      await fetch(listener.url);
      expect(listener.heard()).toBe(1);
    } finally {
      await listener.stop();
    }
  });
});

describe('one factor', () => {
  it('lists and prints nothing at the terminal, whatever a page asks for', async () => {
    const { approved } = await readyKk();
    await citizen.see('welcome');
    await citizen.scan(approved.collectionCode);
    await citizen.see('enterPrintCode');
    const shown: string[] = [];
    const home = citizen.client.until(({ screen }) => {
      shown.push(screen.name);
      return screen.name === 'goodbye';
    }, PATIENCE_MS);
    citizen.client.choose({ kind: 'chooseDocument', requestId: approved.requestId });
    citizen.client.choose({ kind: 'confirmPrint' });
    citizen.client.choose({ kind: 'submitPin', pin: approved.pin });
    citizen.client.choose({ kind: 'cancel' });
    await home;
    expect(new Set(shown)).toEqual(new Set(['enterPrintCode', 'goodbye']));
  });

  it('is no call that the registry knows, and no list comes without a claim', async () => {
    const { approved } = await readyKk();
    const presented = { kind: 'code', code: approved.collectionCode };
    const alone = { sessionId: 'ses_ALONE', presented };
    expect((await ask('POST', '/v1/claims', alone)).status).toBe(400);
    expect((await ask('POST', '/v1/claims', { ...alone, known: null })).status).toBe(400);
    // As the terminal itself would ask, to see that these refusals are about the factor.
    const known = { kind: 'printCode', printCode: approved.printCode };
    expect((await ask('POST', '/v1/claims', { ...alone, known })).status).toBe(200);
    const list = await ask('GET', '/v1/requests');
    expect(list).toMatchObject({ status: 409, body: { kind: 'claimEnded' } });
  });
});

describe('a card', () => {
  it.each([
    ['pulledMidRead', 'cardRemovedEarly'],
    ['garbage', 'cardUnreadable'],
    ['silent', 'cardUnreadable'],
    ['stranger', 'cardNotAuthenticated'],
  ] as const)(
    'that is %s is refused in words, and the same card read well is taken',
    async (fault, code) => {
      const { holder, approved } = await readyKk();
      await citizen.see('welcome');
      await citizen.tap(holder, fault);
      expect((await expectTold(code)).screen.name).toBe('presentCard');
      await citizen.untap();
      await citizen.tap(holder);
      await citizen.see('enterPin');
      expect((await citizen.typePin(approved.pin)).screen.name).toBe('chooseDocument');
    },
  );
});

it('leaves nothing of all these people readable on the disk or in the log', () => {
  expect(terminal.secrets.size).toBeGreaterThan(30);
  expect(foundInClear(terminal.stack, terminal.secrets)).toEqual([]);
});

/** Calls the registry as this terminal may, past core. */
async function ask(
  method: string,
  pathname: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const pki = path.join(terminal.stack.dir, 'pki');
  const { terminalApi } = terminal.stack.registry.endpoints;
  return new Promise((resolve, reject) => {
    const request = https.request(new URL(pathname, terminalApi), {
      method,
      ca: readFileSync(pkiPaths(pki).rootCert),
      cert: readFileSync(terminalCertPath(pki, TERMINAL_ID)),
      key: readFileSync(terminalKeyPath(pki, TERMINAL_ID)),
      headers: { 'content-type': 'application/json' },
    });
    request.once('error', reject);
    request.once('response', (answer) => {
      text(answer).then(
        (said) => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(said) as unknown }),
        reject,
      );
    });
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
