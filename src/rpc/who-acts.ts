import * as z from 'zod';
import type { RequiredAction } from '../../drivers/contract/words.ts';

/**
 * Who must do what a device asks for. `technician` opens the cabinet, `registryStaff` answers for blanks, old
 * cards and the bins that hold them, `administrator` for the settings, `vendor` for this program.
 */
export const whoActsSchema = z.enum([
  'nobody',
  'technician',
  'registryStaff',
  'technicianAndRegistryStaff',
  'administrator',
  'vendor',
]);
export type WhoActs = z.infer<typeof whoActsSchema>;

const byAction: Readonly<Record<RequiredAction, WhoActs>> = {
  none: 'nobody',
  reset: 'technician',
  clear: 'technician',
  maintenance: 'technician',
  configuration: 'administrator',
  softwareError: 'vendor',
  suspend: 'registryStaff',
};

/** Controlled stock: two people of the office load it and empty its bins. */
const stockReasons: ReadonlySet<string> = new Set([
  'binFull',
  'blankSeenBefore',
  'blankUnknown',
  'captureBinFull',
  'feederEmpty',
  'feederLow',
  'rejectBinFull',
  'rejectBinRemoved',
]);

/** A device that cannot tell its stock from a ribbon: whoever comes alone may find that it is the other's. */
const eitherReasons: ReadonlySet<string> = new Set(['mediaOrRibbonOut']);

/** `reason` is the worst reason or the code of the fault. Where no action is asked, nobody has to act. */
export function whoActs(action: RequiredAction, reason: string | undefined): WhoActs {
  const who = byAction[action];
  if (who !== 'technician' || reason === undefined) return who;
  if (eitherReasons.has(reason)) return 'technicianAndRegistryStaff';
  return stockReasons.has(reason) ? 'registryStaff' : who;
}
