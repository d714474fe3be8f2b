import * as z from 'zod';
import type { RegistryContext } from '../../context.ts';
import { maskName } from '../../../../domain/masked-name.ts';
import { personOf } from '../../approval.ts';
import { findRequest } from '../../requests-table.ts';
import { html, type Html } from '../html.ts';
import { facts, type View } from '../page.ts';

/**
 * What the QR on a specimen opens. It answers with kind, state and a masked name: whoever holds the
 * paper sees the rest on it, whoever guesses learns nothing.
 */
export function verifyPage(ctx: RegistryContext, view: View, token: string): Html {
  const { strings } = view;
  const known = z
    .string()
    .regex(/^[A-Z2-7]{20}$/)
    .safeParse(token);
  const request = known.success ? findRequest(ctx.db, 'verify_token = ?', known.data) : null;
  return html`
    <p class="specimen">SPESIMEN</p>
    ${
      request === null
        ? html`<p class="verdict bad">${strings.verifyUnknown}</p>`
        : html`<p class="verdict ${request.state === 'diserahkan' ? 'good' : 'warn'}">
              ${request.state === 'diserahkan' ? strings.verifyCurrent : strings.verifyOther}
            </p>
            <section>
              ${facts([
                [strings.document, strings.documents[request.documentKind]],
                [strings.subject, maskName(personOf(ctx, request.subjectId).name)],
                [strings.state, strings.states[request.state]],
                [strings.office, request.issuingOffice],
              ])}
            </section>`
    }
    <p class="hint">${strings.verifyNote}</p>
  `;
}
