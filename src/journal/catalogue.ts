import * as z from 'zod';
import { attemptEvents } from './events/attempt.ts';
import { coreEvents } from './events/core.ts';
import { deviceEvents } from './events/device.ts';
import { recordEvents } from './events/record.ts';
import { registryEvents } from './events/registry.ts';
import { sessionEvents } from './events/session.ts';
import { staffEvents } from './events/staff.ts';
import { stockEvents } from './events/stock.ts';
import { testCardEvents } from './events/test-card.ts';

/** Every event there is. The documentation is generated from this list. */
export const catalogue = [
  ...coreEvents,
  ...recordEvents,
  ...sessionEvents,
  ...attemptEvents,
  ...deviceEvents,
  ...stockEvents,
  ...testCardEvents,
  ...registryEvents,
  ...staffEvents,
] as const;

export const journalEventSchema = z.discriminatedUnion('kind', catalogue);
export type JournalEvent = z.infer<typeof journalEventSchema>;
export type JournalEventKind = JournalEvent['kind'];
export type JournalEventOf<K extends JournalEventKind> = Extract<JournalEvent, { kind: K }>;
