import * as z from 'zod';
import { assert } from '../../base/assert.ts';
import { readAsset } from '../assets.ts';
import { layoutSchema, type Layout } from './layout.ts';
import { placeholdersOf } from './template.ts';

/**
 * Reads `assets/layouts/<name>.json` and checks it: form, styles, everything on the page, and no place
 * for a value the document does not have. A wrong layout is a broken installation and throws.
 */
export function loadLayout(name: string, knownValues: ReadonlySet<string>): Layout {
  const read: unknown = JSON.parse(readAsset(`layouts/${name}.json`).toString('utf8'));
  const parsed = layoutSchema.safeParse(read);
  assert(parsed.success, `layout ${name}: ${parsed.error ? z.prettifyError(parsed.error) : ''}`);
  for (const placeholder of layoutPlaceholders(parsed.data)) {
    assert(knownValues.has(placeholder), `layout ${name}: nothing is called {${placeholder}}`);
  }
  return parsed.data;
}

/** Every value a layout asks for. */
export function layoutPlaceholders(layout: Layout): Set<string> {
  const templates = layout.elements.flatMap((element) => {
    if (element.kind === 'text' || element.kind === 'qr') return [element.text];
    if (element.kind === 'rows')
      return element.rows.flatMap(({ label, text, aside }) => [label, text, aside?.text ?? '']);
    if (element.kind === 'table') return element.columns.map(({ text }) => text);
    return [];
  });
  return new Set(templates.flatMap(placeholdersOf));
}
