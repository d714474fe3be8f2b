import type { Resolution } from '../../../src/domain/attempt.ts';
import { mediaOf } from '../../../src/domain/document.ts';
import { openIncidents } from '../../../src/issuance/stock/incidents.ts';
import type { Moved } from './promises.ts';
import type { SoakTerminal } from './terminal.ts';

/** A feeder is filled at the last moment, or a session too late. */
const LOAD = 60;
const BIN_FULL = 35;

const feeders = [
  { feeder: 'ktp', blankKind: 'ktpEl', stem: 'KTP' },
  { feeder: 'kia', blankKind: 'kia', stem: 'KIA' },
] as const;

/** What two people do between sessions, and what they were refused. */
export class Between {
  /** Decisions that people took, by what they were about. */
  readonly decided: Record<string, number> = {};
  readonly #terminal: SoakTerminal;
  #loads = 0;

  constructor(terminal: SoakTerminal) {
    this.#terminal = terminal;
  }

  /** Clears what is stuck and decides what is uncertain, by what is seen of the cards. */
  async settle(moved: Moved): Promise<string[]> {
    const { bench, core } = this.#terminal;
    const { parts, hands } = bench.cabinet;
    // A hand takes out what is left in the way, and puts it into the bin.
    if (parts.transport !== null) parts.jam ??= 'transport';
    if (parts.exit !== null) parts.jam ??= 'exit';
    while (parts.jam !== null) {
      hands.clearJam();
      if (parts.transport !== null || parts.exit !== null) parts.jam = 'transport';
    }
    moved.take(bench.cabinet.moves);
    const refused: string[] = [];
    for (const { attemptId, documentKind, blank } of core.book.forPeople()) {
      const paper = mediaOf[documentKind] === 'plainPaper';
      const choice = paper ? 'foundInBin' : this.#seen(blank?.serial ?? null, moved);
      const action = paper ? 'resolvePaper' : 'resolveCard';
      refused.push(...(await this.#act({ action, attemptId, choice })));
    }
    for (const { incidentId, incident } of openIncidents(core.journal.reader)) {
      const stranger = incident.what === 'strangerFed';
      const finding = stranger ? 'binHoldsExpected' : 'explained';
      refused.push(...(await this.#act({ action: 'closeIncident', incidentId, finding })));
    }
    return refused;
  }

  /** Fills feeders that are empty; and, while no card in a bin is of a request still open, bins are emptied. */
  async tend(binsAreOver: boolean): Promise<string[]> {
    const { bench } = this.#terminal;
    const { parts, hands } = bench.cabinet;
    const refused: string[] = [];
    for (const { feeder, blankKind, stem } of feeders) {
      const inside = parts.feeders.find(({ name }) => name === feeder)?.blanks.length ?? 0;
      if (inside > 0) continue;
      this.#loads += 1;
      const firstSerial = `${stem}-${String(1_000 + this.#loads * LOAD).padStart(6, '0')}`;
      const range = { feeder, batch: `B-${this.#loads + 2}`, firstSerial } as const;
      bench.cabinet.fill(feeder, range.batch, firstSerial, LOAD);
      const load = { action: 'loadStock', ...range, blankKind, count: LOAD } as const;
      refused.push(...(await this.#act(load)));
    }
    if (binsAreOver && parts.rejectBin.length + parts.retractBin.length > BIN_FULL) {
      const counted = parts.rejectBin.length + parts.retractBin.length;
      hands.emptyBin('reject');
      hands.emptyBin('retract');
      refused.push(...(await this.#act({ action: 'emptyBin', bin: 'rejectBin', counted })));
    }
    if (parts.ribbonPanelsLeft < 5) hands.replaceRibbon();
    bench.cabinet.moves.length = 0;
    return refused;
  }

  #seen(serial: string | null, moved: Moved): Resolution {
    const { parts } = this.#terminal.bench.cabinet;
    const lies = (cards: readonly { readonly serial: string }[]): boolean =>
      cards.some((card) => card.serial === serial);
    if (serial === null) return 'recordStands';
    if (moved.out.has(serial)) return 'citizenHolds';
    if (lies(parts.rejectBin)) return 'foundInBin';
    if (lies(parts.retractBin)) return 'foundRetracted';
    return parts.feeders.some(({ blanks }) => lies(blanks)) ? 'neverFed' : 'cannotBeKnown';
  }

  async #act(act: Parameters<SoakTerminal['core']['staff']['act']>[0]): Promise<string[]> {
    const name = 'choice' in act ? `${act.action}.${act.choice}` : act.action;
    this.decided[name] = (this.decided[name] ?? 0) + 1;
    const refusal = await this.#terminal.core.staff.act(act);
    return refusal === null ? [] : [`${name} was refused: ${refusal}`];
  }
}
