import { startPagePrinterLab } from '../../scripts/lab/page-printer-lab.ts';
import { startPageQueueLab } from '../../scripts/lab/page-queue-lab.ts';
import { twoSheets } from '../drivers/ipp-page-printer/two-sheets.ts';
import { EVEPRINTER, openOn } from './page-opened.ts';
import { pagePrinterSuite } from './page-printer-suite.ts';

pagePrinterSuite('ippeveprinter over IPP', EVEPRINTER, twoSheets, openOn(startPagePrinterLab));

pagePrinterSuite(
  'a CUPS queue before ippeveprinter',
  {
    completedMeans: 'hostAccepted',
    impressionCount: false,
    supplies: false,
    verbatim: false,
    // Where the printer gave up before CUPS looked again, it calls the job completed.
    gaveUp: ['canceled', 'completed'],
  },
  twoSheets,
  openOn(startPageQueueLab),
);
