import type { RegistryContext } from '../../context.ts';
import { familyOf, membersOf, pinRecordOf } from '../../people-table.ts';
import { ageOn, dateOf, printedDate, standingSchema, type Person } from '../../people/person.ts';
import { findRequests } from '../../requests-table.ts';
import { documentKindSchema } from '../../../../domain/document.ts';
import { oldCardSchema, requestReasonSchema } from '../../../../domain/request.ts';
import { html, type Html } from '../html.ts';
import { facts, table, type View } from '../page.ts';
import { searchPeople, type PeopleQuery } from '../people-search.ts';
import { requestsTable } from './overview.ts';

const number = (text: string): Html => html`<span class="number">${text}</span>`;
const link = (person: Person): Html =>
  html`<a href="/people/${person.personId}">${person.name}</a>`;

export function peoplePage(ctx: RegistryContext, view: View, query: PeopleQuery): Html {
  const { strings } = view;
  const { total, people } = searchPeople(ctx, query);
  return html`
    <section>
      <form class="row" method="get" action="/people" role="search">
        <label>
          ${strings.searchHint}
          <input type="search" name="q" value="${query.q}" />
        </label>
        <button>${strings.search}</button>
        <span class="hint">${total} ${strings.found}</span>
      </form>
    </section>
    <section>
      ${table(
        strings,
        [
          strings.name,
          'NIK',
          strings.age,
          strings.relationship,
          strings.family,
          strings.registered,
        ],
        people.map(({ person, age, familySize, hasPin }) => [
          link(person),
          number(person.nik),
          age,
          person.relationship,
          `${familySize} ${strings.members}`,
          hasPin ? strings.yes : strings.no,
        ]),
      )}
    </section>
  `;
}

export function personPage(ctx: RegistryContext, view: View, person: Person): Html {
  const { strings } = view;
  const family = familyOf(ctx.db, person.kkNumber);
  const today = dateOf(ctx.clock.now());
  const hasPin = pinRecordOf(ctx.db, person.personId) !== null;
  const own = findRequests(ctx.db, 'subject_id = ?', person.personId);
  return html`
    <div class="columns">
      <div>
        <section>
          ${facts([
            ['NIK', number(person.nik)],
            ['No. KK', number(person.kkNumber)],
            [strings.born, `${person.birthPlace}, ${printedDate(person.birthDate)}`],
            [strings.age, `${ageOn(person.birthDate, today)} ${strings.years}`],
            [strings.relationship, person.relationship],
            [
              strings.address,
              `${family.address}, RT/RW ${family.rtRw}, ${family.village}, ${family.district}, ${family.regency}, ${family.province}`,
            ],
            [strings.cardUid, number(person.ektpUid)],
            [strings.registered, hasPin ? strings.yes : strings.no],
          ])}
        </section>
        <section>
          <h2>${strings.requests}</h2>
          ${requestsTable(ctx, view, own)}
          <p><a href="/messages?nik=${person.nik}">${strings.openPhone}</a></p>
        </section>
        <section>
          <h2>${strings.familyMembers}</h2>
          ${table(
            strings,
            [strings.name, strings.relationship, strings.age],
            membersOf(ctx.db, person.kkNumber).map((member) => [
              link(member),
              member.relationship,
              ageOn(member.birthDate, today),
            ]),
          )}
        </section>
      </div>
      <div>${applyForm(view, person, today)} ${standingForm(view, person)}</div>
    </div>
  `;
}

function applyForm({ strings }: View, person: Person, today: string): Html {
  const usual = ageOn(person.birthDate, today) < 17 ? 'kia' : 'ktpEl';
  return html`<section>
    <h2>${strings.apply}</h2>
    <form class="stack" method="post" action="/people/${person.personId}/apply">
      ${choice(strings.document, 'documentKind', documentKindSchema.options, strings.documents, usual)}
      ${choice(strings.reason, 'reason', requestReasonSchema.options, strings.reasons, 'first')}
      ${choice(
        strings.oldCard,
        'oldCard',
        ['', ...oldCardSchema.options],
        { '': strings.asReason, ...strings.oldCards },
        '',
      )}
      <button>${strings.applyButton}</button>
    </form>
  </section>`;
}

function standingForm({ strings }: View, person: Person): Html {
  return html`<section>
    <h2>${strings.standing}</h2>
    <form class="stack" method="post" action="/people/${person.personId}/standing">
      ${choice(
        strings.standing,
        'standing',
        standingSchema.options,
        strings.standings,
        person.standing,
      )}
      <button class="quiet">${strings.change}</button>
    </form>
  </section>`;
}

function choice<T extends string>(
  label: string,
  name: string,
  options: readonly T[],
  words: Readonly<Record<T, string>>,
  selected: T,
): Html {
  return html`<label>
    ${label}
    <select name="${name}">
      ${options.map(
        (option) =>
          html`<option value="${option}" ${option === selected ? html`selected` : null}>
            ${words[option]}
          </option>`,
      )}
    </select>
  </label>`;
}
