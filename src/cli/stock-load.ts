import { systemClock } from '../base/clock.ts';
import { configErrorLines, loadConfig } from '../core/config/load.ts';
import { openRecord, recordOptions } from '../core/foundation.ts';
import { startupErrorLines } from '../core/startup-error.ts';
import { BlankStock } from '../issuance/blank-stock.ts';
import { feederFault, type BlankRange } from '../issuance/stock/loading.ts';
import { BAD_NEWS, GOOD, NO_ANSWER, type Report } from './output.ts';
import { stockRefusalLine } from './stock-refusal.ts';

/** `anjungan stock load`: records specimen blanks in a feeder, while core is down. */
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
