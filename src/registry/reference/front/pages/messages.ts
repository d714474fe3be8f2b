import { personOf } from '../../approval.ts';
import type { RegistryContext } from '../../context.ts';
import { messagesOf, type Message } from '../../messages.ts';
import type { Person } from '../../people/person.ts';
import { qrModules } from '../../../../documents/qr.ts';
import { html, type Html } from '../html.ts';
import type { View } from '../page.ts';

const SHOWN = 60;

export function messagesPage(ctx: RegistryContext, view: View, person: Person | null): Html {
  const { strings } = view;
  const messages = messagesOf(ctx.db, person?.personId ?? null, SHOWN);
  return html`
    <section><p class="hint">${strings.phoneNote}</p></section>
    ${messages.length === 0 ? html`<p class="none">${strings.none}</p>` : null}
    <div class="phones">${messages.map((message) => bubble(ctx, view, message))}</div>
  `;
}

function bubble(ctx: RegistryContext, view: View, message: Message): Html {
  const { strings } = view;
  const to = personOf(ctx, message.personId);
  return html`<article class="message">
    <h2>
      ${strings[message.channel]} ${strings.to} ${to.name}<br />
      ${message.address} · ${view.time(message.at)}
    </h2>
    <p>${message.text}</p>
    ${code(strings.pin, message.pin)} ${code(strings.printCode, message.printCode)}
    ${
      message.collectionCode === null
        ? null
        : html`<p>
            ${strings.collectionCode}
            <img src="/messages/${message.messageId}/qr.svg" alt="${strings.collectionCode} (QR)" />
            <span class="code long">${message.collectionCode}</span>
          </p>`
    }
    ${
      message.requestId === null
        ? null
        : html`<a href="/requests/${message.requestId}">${strings.requests}</a>`
    }
  </article>`;
}

const code = (label: string, value: string | null): Html | null =>
  value === null ? null : html`<p>${label}<br /><span class="code">${value}</span></p>`;

/** The collection code as a QR picture with its quiet zone. */
export function qrSvg(text: string): Html {
  const quiet = 4;
  const { size, dark } = qrModules(text);
  const path = dark
    .map((isDark, index) =>
      isDark ? `M${(index % size) + quiet} ${Math.floor(index / size) + quiet}h1v1h-1z` : '',
    )
    .join('');
  const side = size + 2 * quiet;
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${side} ${side}"
    shape-rendering="crispEdges"
  >
    <rect width="${side}" height="${side}" fill="#fff" />
    <path d="${path}" fill="#000" />
  </svg>`;
}
