import { canonicalJson, type Json } from '../../../base/canonical-json.ts';
import { err, type Result } from '../../../base/result.ts';
import type { RegistryContext } from '../context.ts';
import { problem, type Problem } from './serve.ts';

const KEPT_MS = 15 * 60_000;

interface Kept {
  readonly contentMac: string;
  readonly at: number;
  readonly answer: Promise<Result<unknown, unknown>>;
}

/**
 * Answers of calls made under an idempotency key, so that a repeated call is neither counted nor carried
 * out again, even while the first still runs. They hold claim tokens and are therefore kept in memory
 * alone: after a restart of the registry a repeated verification is one more counted try.
 */
export class Replays {
  readonly #ctx: RegistryContext;
  readonly #kept = new Map<string, Kept>();

  constructor(ctx: RegistryContext) {
    this.#ctx = ctx;
  }

  once<T, E>(
    call: { readonly terminalId: string; readonly key: string | null; readonly content: Json },
    work: () => Promise<Result<T, E>>,
  ): Promise<Result<T, E | Problem>> {
    if (call.key === null) return work();
    this.#forgetOld();
    const name = `${call.terminalId}/${call.key}`;
    // Keyed, because a PIN is among the content and a plain digest of six digits hides nothing.
    const contentMac = this.#ctx.macs.of('replay', canonicalJson(call.content));
    const before = this.#kept.get(name);
    if (before !== undefined) {
      return before.contentMac === contentMac
        ? (before.answer as Promise<Result<T, E>>)
        : Promise.resolve(err(problem(400, 'this idempotency key was used for another call')));
    }
    const answer = work();
    this.#kept.set(name, { contentMac, at: this.#ctx.clock.now(), answer });
    return answer;
  }

  #forgetOld(): void {
    const oldest = this.#ctx.clock.now() - KEPT_MS;
    for (const [name, kept] of this.#kept) {
      if (kept.at >= oldest) return;
      this.#kept.delete(name);
    }
  }
}
