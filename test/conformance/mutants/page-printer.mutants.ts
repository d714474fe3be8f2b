import { describe } from '@jest/globals';
import type { CommandFailure } from '../../../drivers/contract/command.ts';
import type { PageJob } from '../../../drivers/contract/page-printer.ts';
import { ok, type Result } from '../../../src/base/result.ts';
import { startPagePrinterLab } from '../../../scripts/lab/page-printer-lab.ts';
import { twoSheets } from '../../drivers/ipp-page-printer/two-sheets.ts';
import { EVEPRINTER, openOn } from '../page-opened.ts';
import { pagePrinterSuite, type PagePrinterUnderTest } from '../page-printer-suite.ts';
import { withControls, titleOf, type Mutant } from './mutant.ts';

type Answer = Result<unknown, CommandFailure>;
type Received = PagePrinterUnderTest['received'];
type Call = PagePrinterUnderTest['call'];

interface PageMutant extends Mutant {
  readonly wrong?: (right: Call) => Call;
  /** What the printer makes in secret of a document, about which it tells as ever. */
  readonly misprints?: (right: Received) => Received;
}

/** Changes the job that a command answers with. */
const withJob =
  (command: string, change: (job: PageJob) => PageJob | null): NonNullable<PageMutant['wrong']> =>
  (right) =>
  async (asked, params) => {
    const answer = await right(asked, params);
    return asked === command && answer.ok && answer.value !== null
      ? ok(change(answer.value as PageJob))
      : answer;
  };

const COMPLETED: Answer = ok({
  jobId: 1,
  state: 'completed',
  reasons: [],
  impressionsCompleted: null,
});

const mutants: readonly PageMutant[] = [
  {
    name: 'calls its own word a spooler’s',
    noticedBy: 'says what its word is worth',
    wrong: (right) => async (asked, params) => {
      const answer = await right(asked, params);
      return asked === 'getCapabilities' && answer.ok
        ? ok({ ...(answer.value as object), completedMeans: 'hostAccepted' })
        : answer;
    },
  },
  {
    name: 'sends the document twice',
    noticedBy: 'hands the document over once',
    wrong: (right) => async (asked, params) => {
      if (asked === 'printPdf') await right(asked, params);
      return right(asked, params);
    },
  },
  {
    name: 'counts no pages',
    noticedBy: 'hands the document over once',
    wrong: withJob('printPdf', (job) => ({ ...job, impressionsCompleted: null })),
  },
  {
    name: 'finds a job of another name',
    noticedBy: 'finds a job by its name',
    wrong: (right) => {
      let last: Answer = ok(null);
      return async (asked, params) => {
        const answer = await right(asked, params);
        if (asked === 'printPdf') last = answer;
        return asked === 'findJob' ? last : answer;
      };
    },
  },
  {
    name: 'calls a job that was given up completed',
    noticedBy: 'says that the printer gave a job up',
    wrong: withJob('printPdf', (job) => ({ ...job, state: 'completed' })),
  },
  {
    name: 'believes that what it sent into the void was printed',
    noticedBy: 'sends nothing to a printer that is cut off',
    wrong: (right) => async (asked, params) => {
      const answer = await right(asked, params);
      return asked === 'printPdf' && !answer.ok ? COMPLETED : answer;
    },
  },
  {
    name: 'is a printer that prints a job twice',
    noticedBy: 'hands the document over once',
    misprints: (right) => (jobName) => right(jobName).flatMap((document) => [document, document]),
  },
  {
    name: 'is a printer that throws a job away and calls it printed',
    noticedBy: 'hands the document over once',
    misprints: () => () => [],
  },
];

for (const mutant of withControls(mutants)) {
  const { wrong = (right: Call) => right, misprints = (right: Received) => right } = mutant;
  describe(titleOf(mutant), () => {
    pagePrinterSuite('it', EVEPRINTER, twoSheets, async () => {
      const right = await openOn(startPagePrinterLab)();
      return {
        ...right,
        call: wrong((command, params) => right.call(command, params)),
        received: misprints((jobName) => right.received(jobName)),
      };
    });
  });
}
