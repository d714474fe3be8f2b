/** What one device was found to do, in the words of the lab's report. */
export interface CaseResult {
  readonly device: string;
  readonly name: string;
  /** Null where it held. */
  readonly fault: string | null;
  readonly ms: number;
}

const CASE_LIMIT_MS = 60_000;

/** Runs one case to its end and tells it on standard output, a JSON line each. */
export async function lab(device: string, name: string, proof: () => Promise<void>): Promise<void> {
  const begun = performance.now();
  const fault = await Promise.race([
    proof().then(
      () => null,
      (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
    ),
    new Promise<string>((resolve) =>
      setTimeout(() => resolve(`came to no end in ${CASE_LIMIT_MS} ms`), CASE_LIMIT_MS).unref(),
    ),
  ]);
  const result: CaseResult = { device, name, fault, ms: Math.round(performance.now() - begun) };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
