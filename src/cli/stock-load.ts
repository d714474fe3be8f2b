import { assertNever } from '../base/assert.ts';
import { systemClock } from '../base/clock.ts';
import { configErrorLines, loadConfig } from '../core/config/load.ts';
import type { Config } from '../core/config/schema.ts';
import { openRecord } from '../core/foundation.ts';
import { startupErrorLines } from '../core/startup-error.ts';
import { BlankStock, type BlankLoad, type LoadRefusal } from '../issuance/blank-stock.ts';
import { BAD_NEWS, GOOD, NO_ANSWER, type Report } from './output.ts';

function refusalLine(refusal: LoadRefusal): string {
  switch (refusal.kind) {
    case 'twoPeopleNeeded':
      return 'State blanks are loaded by two people who signed in; nothing was recorded.';
    case 'serialsMalformed':
      return 'The first serial must end in digits that leave room for the whole range.';
    case 'otherKindInFeeder':
      return `The feeder holds ${refusal.loaded} blanks; kinds are never mixed.`;
    case 'loadedBefore':
      return `Blank ${refusal.serial} was loaded before.`;
    default:
      return assertNever(refusal);
  }
}

/** What the configuration has against blanks of this kind in this feeder. */
function wrongFeeder(
  feeders: Config['feeders'],
  { feeder, kind }: Pick<BlankLoad, 'feeder' | 'kind'>,
): Pick<Report, 'json' | 'lines'> | null {
  const configured = feeders.find(({ name }) => name === feeder);
  if (configured === undefined) {
    const names = feeders.map(({ name }) => name).join(', ') || 'none';
    return {
      json: { error: { kind: 'unknownFeeder', feeder } },
      lines: [`The configuration names no feeder ${feeder}; it names: ${names}.`],
    };
  }
  const { blankKind } = configured;
  if (blankKind === kind) return null;
  return {
    json: { error: { kind: 'feederOfOtherKind', feeder, blankKind } },
    lines: [`Feeder ${feeder} is for ${blankKind} blanks; nothing was recorded.`],
  };
}

/** `anjungan stock load`: records specimen blanks in a feeder, while core is down. */
export async function stockLoad(
  dataFolder: string,
  configFile: string,
  load: Omit<BlankLoad, 'by'>,
): Promise<Report> {
  const loaded = loadConfig(configFile);
  if (!loaded.ok) {
    const { error } = loaded;
    return { json: { error }, lines: configErrorLines(error), exitStatus: NO_ANSWER };
  }
  const { config } = loaded.value;
  const wrong = wrongFeeder(config.feeders, load);
  if (wrong !== null) return { ...wrong, exitStatus: BAD_NEWS };
  const opened = openRecord(dataFolder, {
    reserveBytes: config.storage.minimumFreeMiB * 1024 * 1024,
    terminalId: config.terminal.id,
    clock: systemClock,
  });
  if (!opened.ok) {
    const { error } = opened;
    return { json: { error }, lines: startupErrorLines(error), exitStatus: NO_ANSWER };
  }
  const { journal, folder } = opened.value;
  const stock = new BlankStock(journal, config.mode);
  const done = await stock.load({ ...load, by: [] });
  await journal.checkpoint();
  folder.close();
  if (!done.ok) {
    const { error } = done;
    return { json: { error }, lines: [refusalLine(error)], exitStatus: BAD_NEWS };
  }
  const { feeder, kind, batch, firstSerial, count } = load;
  return {
    json: load,
    lines: [`Recorded ${count} ${kind} blanks of batch ${batch} from ${firstSerial} in ${feeder}.`],
    exitStatus: GOOD,
  };
}
