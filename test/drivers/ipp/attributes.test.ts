import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cardPrinterStatusSchema } from '../../../drivers/contract/card-printer.ts';
import { pagePrinterStatusSchema } from '../../../drivers/contract/page-printer.ts';
import { statusOfCardPrinter } from '../../../drivers/ipp-card-printer/status.ts';
import { statusOfPrinter } from '../../../drivers/ipp-page-printer/status.ts';
import { sizeToAskFor } from '../../../drivers/ipp/media-size.ts';
import { completedMeansOf, misfitOf } from '../../../drivers/ipp/printer-facts.ts';
import { printerAttributesSchema } from '../../../drivers/ipp/printer-state.ts';
import { jobsIn } from '../../../drivers/ipp/protocol.ts';

const attributesOf = (attributes: Readonly<Record<string, unknown>>) =>
  printerAttributesSchema.parse({ 'printer-state': 'idle', ...attributes });
const a4 = { 'x-dimension': 21_000, 'y-dimension': 29_700 };
const letter = { 'x-dimension': 21_590, 'y-dimension': 27_940 };

describe('what follows from the attributes of an IPP printer', () => {
  it.each(['cups-version', 'printer-type', 'device-uri'])(
    'that says %s of itself is a spooler, and its word is worth less',
    (name) => {
      expect(completedMeansOf(attributesOf({ [name]: '1' }), null)).toBe('hostAccepted');
    },
  );

  it('that says none of these speaks for itself, unless the configuration knows better', () => {
    expect(completedMeansOf(attributesOf({}), null)).toBe('deviceReported');
    expect(completedMeansOf(attributesOf({}), 'hostAccepted')).toBe('hostAccepted');
  });

  it('is misfit where it is another model, another device or takes no PDF', () => {
    const printer = attributesOf({
      'printer-make-and-model': 'en\u001eAcme 1',
      'printer-uuid': 'urn:uuid:1',
      'document-format-supported': ['image/urf', 'application/pdf'],
    });
    const expected = { expectedModel: 'Acme 1', expectedUuid: 'urn:uuid:1' };
    expect(misfitOf(printer, expected)).toBeNull();
    expect(misfitOf(printer, { ...expected, expectedModel: 'Acme 2' })).toBe('otherModel');
    expect(misfitOf(printer, { ...expected, expectedUuid: 'urn:uuid:2' })).toBe('otherDevice');
    expect(misfitOf(attributesOf({}), expected)).toBe('otherModel');
    const noPdf = attributesOf({ 'document-format-supported': 'image/urf' });
    expect(misfitOf(noPdf, { expectedModel: null, expectedUuid: null })).toBe('noPdf');
  });

  it('is misfit where it is a queue that keeps what failed, and not where it is no queue', () => {
    const expected = { expectedModel: null, expectedUuid: null };
    const queue = (policy: string) => attributesOf({ 'printer-error-policy': policy });
    for (const policy of ['stop-printer', 'retry-job', 'retry-current-job']) {
      expect(misfitOf(queue(policy), expected)).toBe('queueKeepsJobs');
    }
    expect(misfitOf(queue('abort-job'), expected)).toBeNull();
    expect(misfitOf(attributesOf({}), expected)).toBeNull();
  });

  it('asks for a size as it is listed, for the wanted one within a range, and for none that is not there', () => {
    const listed = (sizes: unknown) =>
      attributesOf({ 'media-size-supported': sizes })['media-size-supported'];
    expect(sizeToAskFor(listed([letter, a4]), a4, 0)).toEqual(a4);
    expect(sizeToAskFor(listed(letter), a4, 0)).toBeNull();
    expect(sizeToAskFor(listed(undefined), a4, 0)).toEqual(a4);
    const anySize = { 'x-dimension': [1_000, 30_000], 'y-dimension': [1_000, 30_000] };
    expect(sizeToAskFor(listed(anySize), a4, 0)).toEqual(a4);
    const rounded = { 'x-dimension': 8_572, 'y-dimension': 5_397 };
    const cr80 = { 'x-dimension': 8_560, 'y-dimension': 5_398 };
    expect(sizeToAskFor(listed(rounded), cr80, 60)).toEqual(rounded);
    expect(sizeToAskFor(listed(rounded), cr80, 5)).toBeNull();
  });

  it("reads CUPS's markers where the printer tells no supplies, waste boxes left out", () => {
    const markers = (levels: number[]) =>
      statusOfPrinter(
        attributesOf({
          'marker-levels': levels,
          'marker-types': ['toner', 'waste-toner'],
          'marker-low-levels': [10, 0],
        }),
      ).toner;
    expect([markers([80, 0]), markers([7, 0]), markers([0, 0]), markers([-1, 0])]).toEqual([
      'full',
      'low',
      'out',
      'unknown',
    ]);
  });

  it('finds a job by its name also where the printer says the language of it', () => {
    const [job] = jobsIn({
      statusCode: 'successful-ok',
      'job-attributes-tag': { 'job-id': 1, 'job-name': 'en\u001eatt_A', 'job-state': 'completed' },
    });
    expect(job?.name).toBe('att_A');
  });

  it('is never more than its class allows, whatever a printer says', () => {
    const keywords = fc.oneof(
      fc.string({ maxLength: 120 }),
      fc.array(fc.string({ maxLength: 60 })),
    );
    const integers = fc.oneof(fc.integer(), fc.array(fc.integer()));
    const sizes = fc.array(
      fc.record({ 'x-dimension': fc.anything(), 'y-dimension': fc.anything() }),
    );
    const valueOf = (name: string) => {
      if (name === 'printer-is-accepting-jobs') return fc.boolean();
      if (name === 'media-size-supported') return fc.oneof(sizes, fc.anything());
      if (name.endsWith('-levels')) return integers;
      return name.endsWith('uuid') || name.endsWith('model') ? fc.string() : keywords;
    };
    // Now and then one attribute is of another type than it should be.
    const odd = fc.option(fc.tuple(fc.nat(), fc.anything()), { freq: 2 });
    const names = Object.keys(printerAttributesSchema.shape).filter((n) => n !== 'printer-state');
    const feeders = [{ name: 'main', blankKind: 'kia', source: null }];
    let read = 0;
    fc.assert(
      fc.property(
        fc.record(Object.fromEntries(names.map((name) => [name, valueOf(name)])), {
          requiredKeys: [],
        }),
        odd,
        (attributes, other) => {
          const parsed = printerAttributesSchema.safeParse({
            'printer-state': 'processing',
            ...attributes,
            ...(other !== null && { [names[other[0] % names.length] ?? '']: other[1] }),
          });
          if (!parsed.success) return;
          read += 1;
          const page = statusOfPrinter(parsed.data);
          expect(pagePrinterStatusSchema.safeParse(page).success).toBe(true);
          const card = statusOfCardPrinter(parsed.data, feeders);
          expect(cardPrinterStatusSchema.safeParse(card).success).toBe(true);
          sizeToAskFor(parsed.data['media-size-supported'], a4, 0);
        },
      ),
      { numRuns: 1_000 },
    );
    expect(read).toBeGreaterThan(200);
  });

  it('leaves out jobs that break their form, and never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), fc.anything())), (jobs) => {
        const read = jobsIn({ statusCode: 'successful-ok', 'job-attributes-tag': jobs });
        expect(read.length).toBeLessThanOrEqual(jobs.length);
      }),
    );
  });
});
