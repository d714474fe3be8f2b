import { systemClock } from '../base/clock.ts';
import { configErrorLines, loadConfig } from '../core/config/load.ts';
import { openRecord, recordOptions } from '../core/foundation.ts';
import { startupErrorLines } from '../core/startup-error.ts';
import { BlankStock } from '../issuance/blank-stock.ts';
import { feederFault, type BlankRange } from '../issuance/stock/loading.ts';
import { BAD_NEWS, GOOD, NO_ANSWER, type Report } from './output.ts';
import { stockRefusalLine } from './stock-refusal.ts';

const SIMULATOR = 'simulated-card-printer';

/**
 * `anjungan stock load` without a name, while core is down: records the blanks with which a simulated
 * cabinet of specimen mode fills itself. Blanks that people can hold are loaded by two of them.
 */
export async function stockLoad(
  dataFolder: string,
  configFile: string,
  load: BlankRange,
): Promise<Report> {
  const loaded = loadConfig(configFile);
  if (!loaded.ok) {
    const { error } = loaded;
    return { json: { error }, lines: configErrorLines(error), exitStatus: NO_ANSWER };
  }
  const { config } = loaded.value;
  const printers = config.devices.filter(({ role }) => role === 'cardPrinter');
  const isSimulated = printers.length > 0 && printers.every(({ driver }) => driver === SIMULATOR);
  if (config.mode !== 'specimen' || !isSimulated) {
    const lines = [
      'Without --name only the simulated cabinet of specimen mode is filled; here two people load blanks, while core runs: --name, and then anjungan approve. Nothing was recorded.',
    ];
    return { json: { error: { kind: 'twoPeopleNeeded' } }, lines, exitStatus: BAD_NEWS };
  }
  const wrong = feederFault(config.feeders, load);
  if (wrong !== null) {
    return { json: { error: wrong }, lines: [stockRefusalLine(wrong)], exitStatus: BAD_NEWS };
  }
  const opened = openRecord(dataFolder, { ...recordOptions(config), clock: systemClock });
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
    return { json: { error }, lines: [stockRefusalLine(error)], exitStatus: BAD_NEWS };
  }
  const { feeder, kind, batch, firstSerial, count } = load;
  return {
    json: load,
    lines: [`Recorded ${count} ${kind} blanks of batch ${batch} from ${firstSerial} in ${feeder}.`],
    exitStatus: GOOD,
  };
}
