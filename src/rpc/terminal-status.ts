import * as z from 'zod';
import {
  deviceClassSchema,
  deviceStateSchema,
  requiredActionSchema,
} from '../../drivers/contract/words.ts';
import { documentKindSchema, modeSchema } from '../domain/document.ts';
import { outOfServiceReasonSchema, unavailableReasonSchema, waySchema } from './citizen-view.ts';

/** The last hour against those before it; `unknown` while there is nothing to compare with. */
export const trendDirectionSchema = z.enum(['none', 'unknown', 'better', 'steady', 'worse']);

/** One device as a technician sees it: what it is, how it is, what it asks for, what went wrong lately. */
export const deviceStatusSchema = z.strictObject({
  name: z.string(),
  role: z.string(),
  deviceClass: deviceClassSchema,
  driver: z.string(),
  /** False for a simulator; null until the driver was loaded. */
  real: z.boolean().nullable(),
  state: deviceStateSchema,
  reasons: z.array(z.string()),
  requiredAction: requiredActionSchema,
  since: z.number().int(),
  hostGeneration: z.number().int(),
  lastFaults: z.array(
    z.strictObject({
      at: z.number().int(),
      code: z.string(),
      requiredAction: requiredActionSchema,
      command: z.string().nullable(),
    }),
  ),
  /** Since core started, a day at most. */
  trend: z.strictObject({
    faultsLastHour: z.number().int(),
    faultsLastDay: z.number().int(),
    restartsLastDay: z.number().int(),
    direction: trendDirectionSchema,
  }),
});
export type DeviceStatus = z.infer<typeof deviceStatusSchema>;

/** Something on a bus that the configuration does not know; nothing opens it. */
export const unknownDeviceSchema = z.strictObject({
  bus: z.enum(['usb', 'hid', 'serial']),
  vendorId: z.number().int().nullable(),
  productId: z.number().int().nullable(),
  serialNumber: z.string().nullable(),
  port: z.string().nullable(),
  label: z.string().nullable(),
});
export type UnknownDevice = z.infer<typeof unknownDeviceSchema>;

/** The terminal in one page; nothing in it is about a citizen. */
export const terminalStatusSchema = z.strictObject({
  terminalId: z.string(),
  place: z.string(),
  mode: modeSchema,
  version: z.string(),
  startedAt: z.number().int(),
  outOfService: outOfServiceReasonSchema.nullable(),
  documents: z.record(documentKindSchema, unavailableReasonSchema.nullable()),
  ways: z.record(waySchema, unavailableReasonSchema.nullable()),
  devices: z.array(deviceStatusSchema),
  unknownDevices: z.array(unknownDeviceSchema),
  registry: z.strictObject({
    answering: z.boolean().nullable(),
    /** Messages that the registry has not acknowledged yet. */
    owed: z.number().int(),
  }),
  journal: z.strictObject({
    rows: z.number().int(),
    head: z.string().nullable(),
    /** The newest row that the registry keeps a signed head for. */
    anchoredThrough: z.number().int().nullable(),
  }),
});
export type TerminalStatus = z.infer<typeof terminalStatusSchema>;
