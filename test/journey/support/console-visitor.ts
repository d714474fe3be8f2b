import { readFileSync } from 'node:fs';
import * as z from 'zod';
import {
  printLogSchema,
  selfTestSchema,
  timelineSchema,
  verdictSchema,
  type Verdict,
} from '../../../src/rpc/console.ts';
import type { GraveAct } from '../../../src/domain/grave-act.ts';
import type { Role } from '../../../src/domain/role.ts';
import { staffAnswerSchema, type ProposalView } from '../../../src/rpc/staff.ts';
import { terminalStatusSchema } from '../../../src/rpc/terminal-status.ts';

/** Of every account once its holder has chosen one. */
export const PASSWORD = 'kunci-yang-panjang';

/** What the administrator gives an account, and so knows. */
export const FIRST_PASSWORD = 'kunci-hari-pertama';

/** Somebody of the office at the console of a running core, over the API that its pages use. */
export class ConsoleVisitor {
  readonly #url: string;
  #cookie = '';

  constructor(url: string) {
    this.#url = url;
  }

  /** Makes the first account with the secret of the data folder, and signs in with it. */
  async setUp(secretFile: string | null): Promise<void> {
    if (secretFile === null) throw new Error('core offers no secret');
    const secret = readFileSync(secretFile, 'utf8').trim();
    await this.#ask('POST', '/api/setup', { secret, name: 'Siti Aminah', password: PASSWORD });
    await this.signIn('Siti Aminah');
  }

  async signIn(name: string, password = PASSWORD): Promise<void> {
    const { headers } = await this.#ask('POST', '/api/sign-in', { name, password });
    this.#cookie = headers.getSetCookie()[0]?.split(';')[0] ?? '';
  }

  /** Makes an account with a password for its first day, which whoever holds it then changes. */
  async makeAccount(name: string, role: Role): Promise<void> {
    await this.#ask('POST', '/api/people', { name, password: FIRST_PASSWORD, roles: [role] });
  }

  async choosePassword(): Promise<void> {
    await this.#ask('POST', '/api/password', { current: FIRST_PASSWORD, next: PASSWORD });
  }

  /** Proposes an act that takes a second person. */
  async propose(act: GraveAct): Promise<void> {
    await this.#ask('POST', '/api/staff/proposals', act);
  }

  /** What waits for a second person, as the page shows it. */
  async proposals(): Promise<readonly ProposalView[]> {
    const answer = staffAnswerSchema.parse(await this.#json('GET', '/api/staff/proposals'));
    return answer.answer === 'proposals' ? answer.proposals : [];
  }

  async agree({ proposalId, digest }: ProposalView): Promise<void> {
    await this.#ask('POST', `/api/staff/proposals/${proposalId}/approve`, { digest });
  }

  async printLog(): Promise<z.infer<typeof printLogSchema>> {
    return printLogSchema.parse(await this.#json('GET', '/api/print-log'));
  }

  async timeline(attemptId: string): Promise<z.infer<typeof timelineSchema>> {
    return timelineSchema.parse(await this.#json('GET', `/api/print-log/${attemptId}`));
  }

  async verdict(): Promise<Verdict> {
    return verdictSchema.parse(await this.#json('POST', '/api/journal/verdict', {}));
  }

  async status(): Promise<z.infer<typeof terminalStatusSchema>> {
    return terminalStatusSchema.parse(await this.#json('GET', '/api/technician/status'));
  }

  async selfTest(device: string): Promise<z.infer<typeof selfTestSchema>> {
    const path = `/api/technician/devices/${device}/self-test`;
    return selfTestSchema.parse(await this.#json('POST', path, {}));
  }

  async #json(method: string, path: string, body?: unknown): Promise<unknown> {
    return (await this.#ask(method, path, body)).json();
  }

  async #ask(method: string, path: string, body?: unknown): Promise<Response> {
    const answer = await fetch(new URL(path, this.#url), {
      method,
      headers: {
        origin: this.#url,
        cookie: this.#cookie,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}
