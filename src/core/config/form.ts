import * as z from 'zod';
import { configSchema } from './schema.ts';

/** The part of JSON Schema (draft 2020-12) that zod writes for our configuration. */
export interface Form {
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly items?: Form;
  readonly anyOf?: readonly Form[];
  readonly properties?: Readonly<Record<string, Form>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The form of the whole file, as it is written: what has a default may be left out. */
export const configForm = (): Form => z.toJSONSchema(configSchema, { io: 'input' }) as Form;

/** The keys that the table at `path` may have, such as `['devices', 2, 'usb']`; none where there is no such table. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  const table = path.reduce<Form | undefined>(
    (form, step) => (typeof step === 'number' ? form?.items : form?.properties?.[String(step)]),
    configForm(),
  );
  return Object.keys(table?.properties ?? {});
}
