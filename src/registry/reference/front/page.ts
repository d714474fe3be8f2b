import type { FastifyReply, FastifyRequest } from 'fastify';
import { html, type Html } from './html.ts';
import { LANGUAGES, stringsIn, type Language, type Strings } from './strings.ts';

/** What a page needs to know of the person who looks at it. */
export interface View {
  readonly language: Language;
  readonly strings: Strings;
  readonly url: URL;
  /** Wall time in Western Indonesia. */
  readonly time: (at: number) => string;
}

export function viewOf(request: FastifyRequest): View {
  const url = new URL(request.url, 'http://front');
  const asked = url.searchParams.get('lang');
  const kept = /(?:^|; )lang=(id|en)/.exec(request.headers.cookie ?? '')?.[1];
  const language = LANGUAGES.find((known) => known === (asked ?? kept)) ?? 'id';
  const format = new Intl.DateTimeFormat(language === 'id' ? 'id-ID' : 'en-GB', {
    timeZone: 'Asia/Jakarta',
    dateStyle: 'medium',
    timeStyle: 'medium',
  });
  return {
    language,
    strings: stringsIn[language],
    url,
    time: (at) => format.format(at),
  };
}

const NAVIGATION = [
  ['/', 'overview'],
  ['/people', 'people'],
  ['/requests', 'requests'],
  ['/messages', 'messages'],
  ['/terminals', 'terminals'],
  ['/simulator', 'simulator'],
] as const;

export function sendPage(
  reply: FastifyReply,
  view: View,
  title: string,
  content: Html,
  status = 200,
): FastifyReply {
  return reply
    .code(status)
    .header('set-cookie', `lang=${view.language}; Path=/; SameSite=Strict; HttpOnly`)
    .type('text/html; charset=utf-8')
    .send(document(view, title, content).text);
}

function document(view: View, title: string, content: Html): Html {
  const { strings, language } = view;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title} · ${strings.title} (SPESIMEN)</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <a class="skip" href="#isi">${strings.skip}</a>
        <p class="banner">${strings.banner}</p>
        <header>
          <span class="brand">${strings.title}</span>
          ${isPublic(view) ? null : navigation(view)}
          <span class="languages">
            ${LANGUAGES.map(
              (other) =>
                html`<a
                  href="${inLanguage(view, other)}"
                  lang="${other}"
                  ${other === language ? html`aria-current="true"` : null}
                  >${other === 'id' ? 'Indonesia' : 'English'}</a
                >`,
            )}
          </span>
        </header>
        <main id="isi">
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html>`;
}

/** The page a scanned QR opens is for anybody: it leads nowhere else. */
const isPublic = (view: View): boolean => view.url.pathname === '/verify';

function navigation({ strings, url }: View): Html {
  const path = url.pathname;
  const isHere = (href: string): boolean =>
    href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
  return html`<nav>
    ${NAVIGATION.map(
      ([href, name]) =>
        html`<a href="${href}" ${isHere(href) ? html`aria-current="page"` : null}
          >${strings[name]}</a
        >`,
    )}
  </nav>`;
}

function inLanguage({ url }: View, language: Language): string {
  const query = new URLSearchParams(url.searchParams);
  query.set('lang', language);
  return `${url.pathname}?${query.toString()}`;
}

/** A two-column list of names and values. */
export const facts = (rows: readonly (readonly [string, Html | string])[]): Html =>
  html`<dl>
    ${rows.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;

/** A table, or the plain sentence that there is nothing. */
export const table = (
  strings: Strings,
  heads: readonly string[],
  rows: readonly (readonly (Html | string | number)[])[],
): Html =>
  rows.length === 0
    ? html`<p class="none">${strings.none}</p>`
    : html`<div class="scroll">
        <table>
          <thead>
            <tr>
              ${heads.map((head) => html`<th scope="col">${head}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (cells) =>
                html`<tr>
                  ${cells.map((cell) => html`<td>${cell}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`;
