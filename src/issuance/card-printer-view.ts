import type { CardPrinterStatus } from '../../drivers/contract/card-printer.ts';
import type { DeviceProxy } from '../devices/ports.ts';
import type { Senses, Sight } from './judge/sight.ts';

/** What the printer can sense, or what it once told; null where it has told nothing since core started. */
export async function askSenses(
  printer: DeviceProxy<'cardPrinter'>,
  sessionId: string | null,
): Promise<Senses | null> {
  const answer = await printer.execute('getCapabilities', {}, { sessionId });
  return answer.ok ? answer.value : printer.health().capabilities;
}

/** Looks once; null where the device does not answer. */
export async function look(
  printer: DeviceProxy<'cardPrinter'>,
  sessionId: string | null,
): Promise<Sight | null> {
  const status = await printer.execute('getStatus', {}, { sessionId });
  if (!status.ok) return null;
  const present = await printer.execute('lastPresentStatus', {}, { sessionId });
  return sightOf(status.value, present.ok ? present.value.presented : 'unknown');
}

export const sightOf = (status: CardPrinterStatus, presented: Sight['presented']): Sight => ({
  media: status.media,
  rejectBin: status.rejectBin,
  counters: status.counters,
  presented,
});
