import assert from 'node:assert/strict';
import {
  CommandParser,
  StreamBreach,
  type PrinterCommand,
} from '../../../drivers/evolis-card-printer/simulator-parser.ts';
import { inPieces } from '../pieces.ts';
import type { FuzzTarget } from '../target.ts';

/** The simulated card printer's own parser: the cuts change nothing, and a breach is all it throws. */
export const target: FuzzTarget = {
  maxBytes: 500,
  fuzz(bytes) {
    const { whole, pieces } = inPieces(bytes);
    assert.deepEqual(parse(pieces), parse([whole]));
  },
};

/** The commands, or the breach; what came before a breach in the same piece is lost with it. */
function parse(pieces: readonly Buffer[]): readonly PrinterCommand[] | string {
  const parser = new CommandParser();
  try {
    return pieces.flatMap((piece) => parser.push(piece));
  } catch (error) {
    if (error instanceof StreamBreach) return error.message;
    throw error;
  }
}
