import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { err, ok, type Result } from '../../base/result.ts';
import { journalHeadSchema, type JournalHead } from '../../registry/ports.ts';

/** A page of heads as the registry's contract serves it, or the bare list. */
const pageSchema = z.union([
  z.array(journalHeadSchema).transform((heads) => ({ heads, more: false })),
  z.object({ heads: z.array(journalHeadSchema), more: z.boolean().default(false) }),
]);

export type AnchorsError =
  { readonly kind: 'unreachable'; readonly detail: string } | { readonly kind: 'notAnchors' };

/** Reads the JSON at a URL; the caller decides on certificates. Rejects when there is none. */
export type FetchJson = (url: string) => Promise<unknown>;

/**
 * Heads that others keep: from a file, or from a URL, where pages follow by `afterSize` as in the
 * registry's contract.
 */
export async function readAnchors(
  source: string,
  fetchJson: FetchJson,
): Promise<Result<JournalHead[], AnchorsError>> {
  const heads: JournalHead[] = [];
  for (;;) {
    const json = await readJson(source, heads.at(-1)?.size ?? 0, fetchJson);
    if (!json.ok) return json;
    const page = pageSchema.safeParse(json.value);
    if (!page.success) return err({ kind: 'notAnchors' });
    heads.push(...page.data.heads);
    if (!page.data.more || page.data.heads.length === 0) return ok(heads);
  }
}

async function readJson(
  source: string,
  afterSize: number,
  fetchJson: FetchJson,
): Promise<Result<unknown, AnchorsError>> {
  try {
    if (!/^https?:/.test(source)) return ok(JSON.parse(readFileSync(source, 'utf8')));
    const url = new URL(source);
    url.searchParams.set('afterSize', String(afterSize));
    return ok(await fetchJson(url.href));
  } catch (error) {
    if (error instanceof SyntaxError) return err({ kind: 'notAnchors' });
    // A person typed the source: whatever stops us from reading it is theirs to read.
    return err({ kind: 'unreachable', detail: error instanceof Error ? error.message : 'unknown' });
  }
}
