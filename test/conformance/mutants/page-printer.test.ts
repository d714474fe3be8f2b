import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { CommandFailure } from '../../../drivers/contract/command.ts';
import type { EmitEvent } from '../../../drivers/contract/driver.ts';
import { err, ok, type Result } from '../../../src/base/result.ts';
import { startPagePrinterLab, type PagePrinterLab } from '../../../scripts/lab/page-printer-lab.ts';
import { twoSheets } from '../../drivers/ipp-page-printer/two-sheets.ts';
import { EVEPRINTER, openOn } from '../page-opened.ts';
import { pagePrinterCases, type PagePrinterUnderTest } from '../page-printer-suite.ts';
import { proveSuite, type Mutant } from './proved.ts';
import { quickClock } from './quick-clock.ts';

type Answer = Result<unknown, CommandFailure>;
type Emit = EmitEvent<'pagePrinter'>;
/** What it does otherwise. */
type Wrong = (right: PagePrinterUnderTest) => Partial<PagePrinterUnderTest>;

interface PageMutant extends Mutant {
  readonly wrong?: Wrong;
  /** What becomes of an event on its way out. */
  readonly emitting?: (emit: Emit) => Emit;
}

/** Changes what a command answers well. */
const says =
  (command: string, change: (value: object) => unknown): Wrong =>
  (right) => ({
    call: async (asked, params) => {
      const answer = await right.call(asked, params);
      const told = asked === command && answer.ok && answer.value !== null;
      return told ? ok(change(answer.value as object)) : answer;
    },
  });

/** Prints in another way. */
const prints =
  (print: (send: () => Promise<Answer>) => Promise<Answer>): Wrong =>
  (right) => ({
    call: (asked, params) =>
      asked === 'printPdf' ? print(() => right.call(asked, params)) : right.call(asked, params),
  });

/** Never says by itself that this is the matter. */
const keepingSecret =
  (reason: string) =>
  (emit: Emit): Emit =>
  (event, payload) => {
    if (!('reasons' in payload) || !payload.reasons.includes(reason)) emit(event, payload);
  };

const COMPLETED: Answer = ok({
  jobId: 1,
  state: 'completed',
  reasons: [],
  impressionsCompleted: null,
});

const mutants: readonly PageMutant[] = [
  {
    is: 'calls its own word a spooler’s',
    noticedBy: ['says what its word is worth'],
    wrong: says('getCapabilities', (told) => ({ ...told, completedMeans: 'hostAccepted' })),
  },
  {
    is: 'sees no toner',
    noticedBy: ['is online, and tells of trays and toner'],
    wrong: says('getStatus', (told) => ({ ...told, toner: 'unknown' })),
  },
  {
    is: 'sees no trays',
    noticedBy: ['is online, and tells of trays and toner'],
    wrong: says('getStatus', (told) => ({ ...told, trays: [] })),
  },
  {
    is: 'sends the document twice',
    noticedBy: ['hands the document over once'],
    wrong: prints(async (send) => {
      await send();
      return send();
    }),
  },
  {
    is: 'counts no pages',
    noticedBy: ['hands the document over once'],
    wrong: says('printPdf', (job) => ({ ...job, impressionsCompleted: null })),
  },
  {
    is: 'prints a job twice and tells of one',
    noticedBy: ['hands the document over once'],
    wrong: (right) => ({
      received: (jobName) => right.received(jobName).flatMap((document) => [document, document]),
    }),
  },
  {
    is: 'throws a job away and calls it printed',
    noticedBy: ['hands the document over once', 'waits for paper'],
    wrong: () => ({ received: () => [] }),
  },
  {
    is: 'finds a job of another name',
    noticedBy: ['finds a job by its name'],
    wrong: (right) => {
      let last: Answer = ok(null);
      return {
        call: async (asked, params) => {
          const answer = await right.call(asked, params);
          if (asked === 'printPdf') last = answer;
          return asked === 'findJob' ? last : answer;
        },
      };
    },
  },
  {
    is: 'forgets a job that ended',
    noticedBy: ['finds a job by its name', 'says that the printer gave a job up'],
    wrong: says('findJob', () => null),
  },
  {
    is: 'does not say that it waits for paper',
    noticedBy: ['waits for paper'],
    emitting: keepingSecret('mediaEmpty'),
  },
  {
    is: 'calls a job completed that waits for paper',
    noticedBy: ['waits for paper'],
    wrong: says('findJob', (job) => ({ ...job, state: 'completed' })),
  },
  {
    is: 'keeps a jam to itself',
    noticedBy: ['reports a fault of kind jam'],
    emitting: keepingSecret('mediaJam'),
  },
  {
    is: 'stays online under an open cover',
    noticedBy: ['reports a fault of kind coverOpen'],
    emitting: (emit) => (event, payload) =>
      emit(event, 'requiredAction' in payload ? { ...payload, state: 'online' } : payload),
  },
  {
    is: 'calls a job that was given up completed',
    noticedBy: ['says that the printer gave a job up'],
    wrong: says('printPdf', (job) => ({ ...job, state: 'completed' })),
  },
  {
    is: 'cancels nothing and says it did',
    noticedBy: ['cancels a job that runs'],
    wrong: (right) => ({
      call: (asked, params) =>
        asked === 'cancelJob'
          ? Promise.resolve(ok({ ...(params as object), state: 'canceled' }))
          : right.call(asked, params),
    }),
  },
  {
    is: 'cancels a job that ended',
    noticedBy: ['cancels a job that runs'],
    wrong: (right) => ({
      call: async (asked, params) => {
        const answer = await right.call(asked, params);
        return asked === 'cancelJob' && !answer.ok ? COMPLETED : answer;
      },
    }),
  },
  {
    is: 'does not know the jobs of an earlier run for its own',
    noticedBy: ['takes back the pages that an earlier run left'],
    wrong: (right) => {
      const renamed = (params: object): object =>
        'jobName' in params ? { ...params, jobName: `not-${String(params.jobName)}` } : params;
      return { call: (asked, params) => right.call(asked, renamed(params as object)) };
    },
  },
  {
    is: 'believes that what it sent into the void was printed',
    noticedBy: ['sends nothing to a printer that is cut off'],
    wrong: prints(async (send) => {
      const answer = await send();
      return answer.ok ? answer : COMPLETED;
    }),
  },
  {
    is: 'believes what a printer said that is cut off',
    noticedBy: ['sends nothing to a printer that is cut off'],
    wrong: says('getStatus', (told) => ({ ...told, toner: 'full' })),
  },
  {
    is: 'makes up later for what it could not send',
    noticedBy: ['sends nothing to a printer that is cut off'],
    wrong: (right) => {
      let owed: (() => Promise<Answer>) | null = null;
      return prints(async (send) => {
        await owed?.();
        const answer = await send();
        owed = answer.ok ? null : send;
        return answer;
      })(right);
    },
  },
  {
    is: 'gives a job up whose connection was lost',
    noticedBy: ['follows a job through a connection'],
    wrong: (right) => {
      const lost = Promise.withResolvers<Answer>();
      return {
        ...prints((send) => Promise.race([send(), lost.promise]))(right),
        setConnected: (connected) => {
          right.setConnected(connected);
          if (!connected) lost.resolve(err({ kind: 'noAnswer' }));
        },
      };
    },
  },
  {
    is: 'prints again what a lost connection came between',
    noticedBy: ['follows a job through a connection'],
    wrong: (right) => {
      let lost = false;
      return {
        ...prints(async (send) => {
          const answer = await send();
          return lost ? send() : answer;
        })(right),
        setConnected: (connected) => {
          lost ||= !connected;
          right.setConnected(connected);
        },
      };
    },
  },
];

let dir: string;
let lab: PagePrinterLab;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'anj-mutants-'));
  lab = await startPagePrinterLab({ dir });
}, 60_000);
afterAll(async () => {
  await lab.stop();
  rmSync(dir, { recursive: true });
}, 60_000);

/** On a printer that goes on to the next mutant, which finds it well and with nothing to do. */
async function on(
  { wrong = () => ({}), emitting }: Partial<PageMutant>,
  prove: (printer: PagePrinterUnderTest) => Promise<void>,
): Promise<void> {
  const sameLab = { ...lab, stop: () => Promise.resolve() };
  const right = await openOn(() => Promise.resolve(sameLab), quickClock, emitting)();
  const asked: Promise<Answer>[] = [];
  const call: PagePrinterUnderTest['call'] = (command, params) => {
    const answer = right.call(command, params);
    asked.push(answer);
    return answer;
  };
  try {
    await prove({ ...right, call, ...wrong({ ...right, call }) });
  } finally {
    lab.setConnected(true);
    await lab.setFault('none');
    await Promise.all(asked);
    right.events.end();
    await right.close();
  }
}

proveSuite('page printers', [{ cases: pagePrinterCases(EVEPRINTER, twoSheets), mutants, on }]);
