import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cardFieldsSchema } from '../../src/domain/card-fields.ts';
import { err, ok } from '../../src/base/result.ts';
import { printOrderSchema } from '../../src/domain/print-order.ts';
import type { DocumentKind } from '../../src/domain/document.ts';
import { documentChecks, type DocumentChecks } from '../../src/issuance/document-checks.ts';
import type { DocumentWorks } from '../../src/issuance/ports.ts';
import type { PrintMaterial } from '../../src/registry/ports.ts';
import { Bench, requestOf } from './bench.ts';

const processEnded = { kind: 'processEnded', reason: 'SIGKILL' } as const;
const checkNotDone = { code: 'check.processEnded', problem: 'checkNotDone' } as const;

describe('an attempt and the registry', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open();
  });
  afterEach(() => bench.close());

  it('asks again under the same key when the answer to the reservation got lost', async () => {
    const core = await bench.restart();
    bench.registry.interference.push({ call: 'reserve', what: 'lost', times: 2 });
    const { settlement } = await bench.print(core, requestOf('kia'));
    expect(settlement.outcome).toBe('delivered');
  });

  it('reads the reservation back after three lost answers', async () => {
    const core = await bench.restart();
    bench.registry.interference.push({ call: 'reserve', what: 'lost', times: 3 });
    const { settlement } = await bench.print(core, requestOf('kia'));
    expect(settlement.outcome).toBe('delivered');
  });

  it('prints nothing when nobody says whether it is reserved, and gives it back for ever', async () => {
    const core = await bench.restart();
    bench.registry.interference.push({ call: 'reserve', what: 'lost', times: 3 });
    bench.registry.interference.push({ call: 'readReservation', what: 'lost', times: 1 });
    const { settlement } = await bench.print(core, requestOf('kia'));
    expect(settlement).toMatchObject({ outcome: 'notPrinted', problem: 'registryNoAnswer' });
    expect(core.book.read(settlement.attemptId)?.state).toBe('needsReview');
    expect(bench.cabinet.moves).toEqual([]);
    expect(bench.registry.requests.get('REQ-kia')?.state).toBe('siapCetak');
  });

  it.each(['ended', 'onHold'] as const)(
    'prints nothing on a reservation that is %s when its answer comes',
    async (state) => {
      const core = await bench.restart();
      bench.registry.answeredState = state;
      const { settlement } = await bench.print(core, requestOf('kia'));
      expect(settlement).toMatchObject({ outcome: 'notPrinted', problem: 'notReadyAnymore' });
      expect(bench.cabinet.moves).toEqual([]);
    },
  );

  it('says so when the registry cannot be reached', async () => {
    const core = await bench.restart();
    bench.registry.interference.push({ call: 'reserve', what: 'unreachable', times: 3 });
    const { settlement } = await bench.print(core, requestOf('kia'));
    expect(settlement).toMatchObject({ outcome: 'notPrinted', problem: 'registryUnreachable' });
  });

  it('passes on how many tries a wrong print code has left', async () => {
    const core = await bench.restart();
    bench.registry.wrongCodeTriesLeft = 2;
    const { settlement } = await bench.print(core, requestOf('ktpEl'));
    expect(settlement).toMatchObject({ problem: 'wrongPrintCode', triesLeft: 2 });
  });

  it('gives the request back through the outbox when the release is not answered', async () => {
    const core = await bench.restart();
    bench.registry.interference.push({ call: 'release', what: 'unreachable', times: 1 });
    bench.cabinet.strike('feed', 'feederEmpty', 'before');
    await bench.print(core, requestOf('kia'));
    expect(bench.registry.requests.get('REQ-kia')).toMatchObject({
      state: 'siapCetak',
      holder: null,
    });
  });

  const alterations: readonly (readonly [string, string, (bench: Bench) => void])[] = [
    [
      'a field altered by one letter',
      'documentAltered',
      ({ registry }) => {
        registry.tamper = (material) =>
          material.media === 'plainPaper'
            ? material
            : {
                ...material,
                fields: cardFieldsSchema.parse({ ...material.fields, name: 'SITI RAHMAWATE' }),
              };
      },
    ],
    [
      'an order altered by one byte',
      'documentAltered',
      ({ registry }) => {
        registry.tamper = (material: PrintMaterial) => {
          const [head = '', body = '', signature = ''] = material.orderJws.split('.');
          const flipped = body.startsWith('e') ? `f${body.slice(1)}` : `e${body.slice(1)}`;
          return { ...material, orderJws: [head, flipped, signature].join('.') };
        };
      },
    ],
    [
      'an order for another terminal',
      'orderInvalid',
      ({ registry }) => {
        registry.misorder = (order) => ({ ...order, terminalId: 'T-2' });
      },
    ],
    [
      'an order of live mode',
      'orderInvalid',
      ({ registry }) => {
        registry.misorder = (order) => ({ ...order, mode: 'live' });
      },
    ],
    [
      'an order that has expired',
      'orderInvalid',
      ({ registry }) => {
        registry.misorder = (order) => ({ ...order, expiresAt: 1 });
      },
    ],
    [
      'an order for another kind of blank',
      'orderInvalid',
      ({ registry }) => {
        registry.misorder = (order) => ({ ...order, blankKind: 'kia' });
      },
    ],
  ];
  it.each(alterations)('moves nothing for %s', async (_what, problem, alter) => {
    const core = await bench.restart();
    alter(bench);
    const { settlement } = await bench.print(core, requestOf('ktpEl'));
    expect(settlement).toMatchObject({ outcome: 'notPrinted', problem, codeStillCounts: true });
    expect(bench.cabinet.commands.filter((name) => name !== 'getStatus')).toEqual([]);
    expect(bench.cabinet.moves).toEqual([]);
  });

  /** The real checks, but for the digest of the fields: what else is wrong with an order is still found. */
  function digestUnchecked(): Partial<DocumentChecks> {
    const trust = {
      orderKey: bench.registry.publicJwk,
      pdfAnchorsDer: [],
      revocation: 'whenPresent' as const,
      verifyUrl: '',
    };
    const real = documentChecks({ mode: 'specimen', ...trust }, bench.clock);
    return {
      checkOrder: async (jws, expected, content) => {
        const checked = await real.checkOrder(jws, expected, content);
        if (checked.ok || checked.error.kind !== 'contentAltered') return checked;
        const body = Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString();
        return ok(printOrderSchema.parse(JSON.parse(body)));
      },
    };
  }

  it('mutant "order digest unchecked" prints altered fields, so the check is what stops them', async () => {
    const core = await bench.restart({ checks: digestUnchecked() });
    alterations[0]?.[2](bench);
    const { settlement } = await bench.print(core, requestOf('ktpEl'));
    expect(settlement.outcome).toBe('delivered');
    expect(bench.cabinet.out).toHaveLength(1);
  });

  it.each(alterations.slice(1))(
    'that mutant leaves every other check as it is: nothing moves for %s',
    async (_what, problem, alter) => {
      const core = await bench.restart({ checks: digestUnchecked() });
      alter(bench);
      const { settlement } = await bench.print(core, requestOf('ktpEl'));
      expect(settlement).toMatchObject({ outcome: 'notPrinted', problem });
      expect(bench.cabinet.moves).toEqual([]);
    },
  );

  const troubles: readonly [string, DocumentKind, Partial<DocumentWorks>][] = [
    ['fetch.processEnded', 'ktpEl', { fetch: () => Promise.resolve(err(processEnded)) }],
    ['check.processEnded', 'kk', { check: () => Promise.resolve(err(checkNotDone)) }],
    ['compose.timedOut', 'kia', { compose: () => Promise.resolve(err({ kind: 'timedOut' })) }],
  ];
  it.each(troubles)(
    'does not call a document altered that could not be checked (%s)',
    async (faultCode, kind, broken) => {
      const core = await bench.restart({ documents: (works) => ({ ...works, ...broken }) });
      const { settlement } = await bench.print(core, requestOf(kind));
      expect(settlement).toMatchObject({ outcome: 'notPrinted', problem: 'checkNotDone' });
      expect(core.book.read(settlement.attemptId)?.faultCode).toBe(faultCode);
      expect(bench.cabinet.moves).toEqual([]);
    },
  );

  it('refuses a KIA while only KTP-el blanks are left', async () => {
    const core = await bench.restart();
    const feeder = bench.cabinet.parts.feeders.find(({ name }) => name === 'kia');
    for (let printed = 0; printed < 6; printed += 1) {
      const requestId = `KIA-${printed}`;
      const fields = bench.registry.requests.get('REQ-kia')?.fields;
      bench.registry.add(requestOf('kia', { requestId }), fields ? { fields } : {});
      await bench.print(core, requestOf('kia', { requestId }));
    }
    expect(feeder?.blanks).toEqual([]);
    const { settlement } = await bench.print(core, requestOf('kia'));
    expect(settlement).toMatchObject({ outcome: 'notPrinted', problem: 'wrongBlanksOnly' });
  });
});
