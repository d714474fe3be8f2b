import * as z from 'zod';
import { err, ok, type Result } from '../../base/result.ts';
import {
  consoleRefusalSchema,
  consoleSessionSchema,
  printLogSchema,
  selfTestSchema,
  signedInSchema,
  timelineSchema,
  verdictSchema,
  type ConsoleRefusal,
} from '../../rpc/console.ts';
import { terminalStatusSchema } from '../../rpc/terminal-status.ts';

/** Why there is no answer to show. `waitMs` is how long to wait before the next sign-in. */
export interface ConsoleTrouble {
  readonly kind: ConsoleRefusal['refused'] | 'unreachable' | 'unexpected';
  readonly waitMs: number;
}

const ANSWER_MS = 15_000;
/** A busy device answers after what it is doing, a card printed on both sides included. */
const SELF_TEST_MS = 180_000;
/** A million rows are read in a few seconds; a slow disk may need longer. */
const VERDICT_MS = 600_000;

export type Channel = 'technicianPage' | 'staffPage';
const nothing = z.strictObject({});

/** The console API of core. `onSignedOut` is called whenever core says that nobody is signed in. */
export function createConsoleClient(onSignedOut: () => void) {
  async function call<S extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    schema: S,
    options: { readonly body?: object; readonly timeoutMs?: number } = {},
  ): Promise<Result<z.infer<S>, ConsoleTrouble>> {
    const answer = await fetchJson(method, path, options);
    if (answer === 'unreachable') return err({ kind: 'unreachable', waitMs: 0 });
    if (answer.good) {
      const parsed = schema.safeParse(answer.json);
      return parsed.success ? ok(parsed.data) : err({ kind: 'unexpected', waitMs: 0 });
    }
    const refusal = consoleRefusalSchema.safeParse(answer.json);
    if (!refusal.success) return err({ kind: 'unexpected', waitMs: 0 });
    const { refused, waitMs = 0 } = refusal.data;
    if (refused === 'notSignedIn') onSignedOut();
    return err({ kind: refused, waitMs });
  }
  const at = encodeURIComponent;

  return {
    session: () => call('GET', '/api/session', consoleSessionSchema),
    signIn: (body: {
      readonly name: string;
      readonly password: string;
      readonly channel: Channel;
    }) => call('POST', '/api/sign-in', signedInSchema, { body }),
    signOut: () => call('POST', '/api/sign-out', nothing),
    setUp: (body: { readonly secret: string; readonly name: string; readonly password: string }) =>
      call('POST', '/api/setup', signedInSchema, { body }),
    /** Somebody is at the page. */
    active: () => call('POST', '/api/activity', nothing),
    status: () => call('GET', '/api/technician/status', terminalStatusSchema),
    selfTest: (device: string) =>
      call('POST', `/api/technician/devices/${at(device)}/self-test`, selfTestSchema, {
        timeoutMs: SELF_TEST_MS,
      }),
    printLog: (beforeSeq: number | null) =>
      call(
        'GET',
        `/api/print-log${beforeSeq === null ? '' : `?beforeSeq=${beforeSeq}`}`,
        printLogSchema,
      ),
    attempt: (attemptId: string) => call('GET', `/api/print-log/${at(attemptId)}`, timelineSchema),
    verdict: () => call('POST', '/api/journal/verdict', verdictSchema, { timeoutMs: VERDICT_MS }),
  };
}
export type ConsoleClient = ReturnType<typeof createConsoleClient>;

async function fetchJson(
  method: 'GET' | 'POST',
  path: string,
  { body = {}, timeoutMs = ANSWER_MS }: { readonly body?: object; readonly timeoutMs?: number },
): Promise<{ readonly good: boolean; readonly json: unknown } | 'unreachable'> {
  const posted = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  try {
    const response = await fetch(path, {
      method,
      ...(method === 'POST' ? posted : {}),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { good: response.ok, json: await response.json().catch(() => null) };
  } catch (error) {
    // TypeError: no connection. DOMException: it took too long. Anything else is ours.
    if (error instanceof TypeError || error instanceof DOMException) return 'unreachable';
    throw error;
  }
}
