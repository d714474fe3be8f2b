import { writeFileSync } from 'node:fs';
import { systemClock } from '../base/clock.ts';
import { binRecord, emptyings } from '../issuance/stock/bin-record.ts';
import { NO_ANSWER, GOOD, type Report } from './output.ts';
import { readingStock, type StockFiles } from './stock-reports.ts';

/**
 * `anjungan stock berita-acara`: writes the PDF of what was taken out of the reject bin at an emptying, by
 * its row in the journal; `last` is the newest, `open` what lies in the bin now.
 */
export const stockBeritaAcara = (
  files: StockFiles,
  ask: { readonly emptying: number | 'last' | 'open'; readonly out: string },
): Promise<Report> =>
  readingStock(files, async (sql, { mode, terminal }) => {
    const newest = emptyings(sql, 1)[0];
    const seq = ask.emptying === 'last' ? newest : ask.emptying === 'open' ? null : ask.emptying;
    const record = seq === undefined ? null : binRecord(sql, seq);
    if (record === null) {
      const lines = ['The record has no such emptying of the reject bin.'];
      return { json: { error: { kind: 'noSuchEmptying' } }, lines, exitStatus: NO_ANSWER };
    }
    const number = `BA/${terminal.id}/${record.emptiedSeq ?? 'sementara'}`;
    // Fonts and a PDF writer, for this command alone.
    const { composeBeritaAcara } = await import('../documents/berita-acara/compose.ts');
    const composed = await composeBeritaAcara(
      {
        number,
        terminalId: terminal.id,
        place: terminal.place,
        zone: terminal.timeZone,
        since: record.since,
        until: record.until ?? systemClock.now(),
        emptiedBy: record.by,
        blanks: record.blanks,
        foreignCards: record.foreignCards,
        ledger: record.ledger,
        counted: record.counted,
      },
      { mode },
    );
    if (!composed.ok) {
      const { error } = composed;
      const lines = [`The ${error.value} holds ${error.character}, which no font here has.`];
      return { json: { error }, lines, exitStatus: NO_ANSWER };
    }
    writeFileSync(ask.out, composed.value);
    const { blanks, foreignCards, emptiedSeq } = record;
    return {
      json: { number, emptiedSeq, blanks: blanks.length, foreignCards, file: ask.out },
      lines: [
        `${number}: ${blanks.length} blanks and ${foreignCards} foreign cards, in ${ask.out}.`,
      ],
      exitStatus: GOOD,
    };
  });
