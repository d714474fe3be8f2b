import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pagePrinterStatusSchema } from '../../../drivers/contract/page-printer.ts';
import { statusOfPrinter } from '../../../drivers/ipp-page-printer/status.ts';
import { printerAttributesSchema } from '../../../drivers/ipp/printer-state.ts';

const statusOf = (attributes: Readonly<Record<string, unknown>>) =>
  statusOfPrinter(printerAttributesSchema.parse({ 'printer-state': 'idle', ...attributes }));
const withReasons = (...reasons: string[]) => statusOf({ 'printer-state-reasons': reasons });

describe('the state of a page printer', () => {
  it('is online where nothing is wrong, said as a keyword, as a set, or not at all', () => {
    const online = { state: 'online', reasons: [], requiredAction: 'none' };
    expect(statusOf({ 'printer-state-reasons': 'none' })).toMatchObject(online);
    expect(withReasons('none')).toMatchObject(online);
    expect(statusOf({})).toMatchObject(online);
  });

  it.each([
    ['media-empty', 'mediaEmpty'],
    ['media-empty-report', 'mediaEmpty'],
    ['media-empty-warning', 'mediaEmpty'],
    ['media-empty-error', 'mediaEmpty'],
    ['marker-waste-almost-full-warnin', 'wasteAlmostFull'],
    ['marker-waste-full-error', 'wasteFull'],
    ['toner-low-report', 'tonerLow'],
  ])('knows %s whatever its suffix, even one cut short', (keyword, code) => {
    expect(withReasons(keyword).reasons).toEqual([code]);
  });

  it('puts the worst first, each once, and asks for what that needs', () => {
    expect(
      withReasons('toner-low-report', 'media-low', 'cover-open-error', 'door-open', 'media-jam'),
    ).toMatchObject({
      state: 'hardwareError',
      reasons: ['mediaJam', 'coverOpen', 'mediaLow', 'tonerLow'],
      requiredAction: 'clear',
    });
  });

  it('goes on printing on low supplies, and says who should come', () => {
    expect(withReasons('toner-low-report')).toMatchObject({
      state: 'online',
      requiredAction: 'maintenance',
      toner: 'low',
    });
  });

  it('stops for an unknown keyword only where the printer calls it an error', () => {
    expect(withReasons('acme-gizmo-loose-error')).toMatchObject({
      state: 'hardwareError',
      reasons: ['acmeGizmoLoose'],
    });
    expect(withReasons('acme-gizmo-loose-report')).toMatchObject({
      state: 'online',
      reasons: ['acmeGizmoLoose'],
    });
  });

  it('is out of order where it stopped without a reason, or takes no jobs', () => {
    expect(statusOf({ 'printer-state': 'stopped' })).toMatchObject({
      state: 'hardwareError',
      reasons: ['stopped'],
    });
    expect(statusOf({ 'printer-is-accepting-jobs': false })).toMatchObject({
      state: 'hardwareError',
      reasons: ['notAcceptingJobs'],
    });
  });

  it('reads the levels of trays, leaving out hand feeding and what only stands for a choice', () => {
    const tray = (name: string, maxcapacity: number, level: number) =>
      `type=sheetFeedAutoRemovableTray;mediafeed=29700;maxcapacity=${maxcapacity};level=${level};status=0;name=${name};`;
    const { trays } = statusOf({
      'printer-input-tray': [
        tray('auto', -2, -2),
        tray('main', 250, 250),
        tray('second', 250, 25),
        tray('third', 250, 0),
        tray('fourth', 250, -3),
        tray('manual', 1, -2),
      ],
    });
    expect(trays).toEqual([
      { name: 'main', level: 'full' },
      { name: 'second', level: 'low' },
      { name: 'third', level: 'out' },
      { name: 'fourth', level: 'unknown' },
    ]);
  });

  it('takes the emptiest cartridge for the toner, and no waste box for one', () => {
    const supply = (kind: string, level: number) =>
      `index=1;class=${kind};type=toner;unit=percent;maxcapacity=100;level=${level};colorantname=black;`;
    const tonerOf = (...supplies: string[]) => statusOf({ 'printer-supply': supplies }).toner;
    const waste = supply('receptacleThatIsFilled', 0);
    expect(tonerOf(waste, supply('supplyThatIsConsumed', 80))).toBe('full');
    expect(tonerOf(supply('supplyThatIsConsumed', 80), supply('supplyThatIsConsumed', 0))).toBe(
      'out',
    );
    expect(tonerOf(waste)).toBe('unknown');
  });

  it('keeps to its class whatever a printer says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 120 })),
        fc.array(fc.string({ maxLength: 60 })),
        (reasons, texts) => {
          const status = statusOf({
            'printer-state-reasons': reasons,
            'printer-input-tray': texts,
            'printer-supply': texts,
          });
          expect(pagePrinterStatusSchema.safeParse(status).success).toBe(true);
        },
      ),
    );
  });
});
