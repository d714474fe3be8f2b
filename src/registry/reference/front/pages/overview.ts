import type { RegistryContext } from '../../context.ts';
import { personOf } from '../../approval.ts';
import { allRequests, type RequestRow } from '../../requests-table.ts';
import { html, type Html } from '../html.ts';
import { table, type View } from '../page.ts';
import { stateBadge } from './badges.ts';

const LATEST = 12;
const ALL = 5000;

export function overviewPage(ctx: RegistryContext, view: View): Html {
  const { strings } = view;
  const requests = allRequests(ctx.db, ALL);
  const counts = Map.groupBy(requests, (request) => request.state);
  return html`
    <section>
      <h2>${strings.howTo}</h2>
      <ol class="steps">
        ${strings.howToSteps.map((step) => html`<li>${step}</li>`)}
      </ol>
    </section>
    <section>
      <h2>${strings.latest}</h2>
      <ul class="counts">
        ${[...counts].map(
          ([state, list]) => html`<li>${stateBadge(strings, state, ` ${list.length}`)}</li>`,
        )}
      </ul>
      ${requestsTable(ctx, view, requests.slice(0, LATEST))}
    </section>
  `;
}

export function requestsPage(ctx: RegistryContext, view: View): Html {
  return html`<section>${requestsTable(ctx, view, allRequests(ctx.db, ALL))}</section>`;
}

export function requestsTable(
  ctx: RegistryContext,
  view: View,
  requests: readonly RequestRow[],
): Html {
  const { strings } = view;
  return table(
    strings,
    [
      strings.document,
      strings.subject,
      strings.applicant,
      strings.reason,
      strings.state,
      strings.since,
    ],
    requests.map((request) => [
      html`<a href="/requests/${request.requestId}">${strings.documents[request.documentKind]}</a>`,
      personLink(ctx, request.subjectId),
      personLink(ctx, request.applicantId),
      strings.reasons[request.reason],
      stateBadge(strings, request.state),
      view.time(request.createdAt),
    ]),
  );
}

export function personLink(ctx: RegistryContext, personId: string): Html {
  return html`<a href="/people/${personId}">${personOf(ctx, personId).name}</a>`;
}
