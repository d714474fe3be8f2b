import type { PagePrinterStatus } from '../contract/page-printer.ts';
import { commonStatusOf, type PrinterAttributes } from '../ipp/printer-state.ts';
import { markerLevelOf, traysOf } from '../ipp/supplies.ts';

/** What the printer's own description says about it, in the contract's words. */
export function statusOfPrinter(attributes: PrinterAttributes): PagePrinterStatus {
  const common = commonStatusOf(attributes);
  return {
    ...common,
    trays: traysOf(attributes),
    toner: markerLevelOf(attributes, common.reasons),
  };
}
