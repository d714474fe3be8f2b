import type { RequestState } from '../../../../domain/request.ts';
import { personOf } from '../../approval.ts';
import type { RegistryContext } from '../../context.ts';
import { eventsOf, type RequestRow } from '../../requests-table.ts';
import { html, type Html } from '../html.ts';
import { facts, table, type View } from '../page.ts';
import { conflictsOf, reservationsOf } from '../request-detail.ts';
import type { Strings } from '../strings.ts';
import { stateBadge } from './badges.ts';
import { personLink } from './overview.ts';

export function requestPage(ctx: RegistryContext, view: View, request: RequestRow): Html {
  const { strings } = view;
  const applicant = personOf(ctx, request.applicantId);
  const conflicts = conflictsOf(ctx, request.requestId);
  const unsigned =
    request.documentKind === 'kk' && request.contentJson !== null && request.pages === null;
  return html`
    <div class="columns">
      <div>
        <section>
          ${facts([
            [strings.state, stateBadge(strings, request.state)],
            [strings.subject, personLink(ctx, request.subjectId)],
            [strings.applicant, personLink(ctx, request.applicantId)],
            [strings.reason, strings.reasons[request.reason]],
            [strings.oldCard, strings.oldCards[request.oldCard]],
            [strings.office, request.issuingOffice],
            [strings.since, view.time(request.createdAt)],
          ])}
          ${unsigned ? html`<p class="state warn">${strings.notSigned}</p>` : null}
        </section>
        <section>
          <h2>${strings.history}</h2>
          ${table(
            strings,
            [strings.time, strings.event, strings.state, strings.by, strings.note],
            eventsOf(ctx.db, request.requestId).map((event) => [
              view.time(event.at),
              strings.events[event.event],
              strings.states[event.toState],
              event.actor,
              event.note ?? '',
            ]),
          )}
        </section>
        <section>
          <h2>${strings.reservations}</h2>
          ${table(
            strings,
            [strings.attempt, strings.terminals, strings.state, strings.lease],
            reservationsOf(ctx, request.requestId).map((line) => [
              line.attemptId,
              line.terminalId,
              strings.reservationStates[line.state],
              view.time(line.leaseExpiresAt),
            ]),
          )}
        </section>
        ${
          conflicts.length === 0
            ? null
            : html`<section>
                <h2>${strings.conflicts}</h2>
                ${conflicts.map((report) => html`<p class="number">${report}</p>`)}
              </section>`
        }
        ${contentSection(strings, request)}
      </div>
      <div>
        <section>
          <h2>${strings.actions}</h2>
          ${steps(strings, request)}
        </section>
        <section>
          <a class="button quiet" href="/messages?nik=${applicant.nik}">${strings.openPhone}</a>
        </section>
      </div>
    </div>
  `;
}

/** As they stand on the documents, in any language of this page. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  documentKind: 'Dokumen',
  nik: 'NIK',
  name: 'Nama',
  birthPlace: 'Tempat lahir',
  birthDate: 'Tanggal lahir',
  sex: 'Jenis kelamin',
  bloodGroup: 'Gol. darah',
  kkNumber: 'No. KK',
  headOfFamily: 'Kepala keluarga',
  birthCertificateNumber: 'No. akta kelahiran',
  address: 'Alamat',
  rtRw: 'RT/RW',
  postalCode: 'Kode pos',
  village: 'Desa/kelurahan',
  district: 'Kecamatan',
  regency: 'Kabupaten/kota',
  province: 'Provinsi',
  religion: 'Agama',
  maritalStatus: 'Status perkawinan',
  occupation: 'Pekerjaan',
  nationality: 'Kewarganegaraan',
  validUntil: 'Berlaku hingga',
  issuePlace: 'Tempat dikeluarkan',
  issueDate: 'Tanggal dikeluarkan',
  issuedDate: 'Tanggal dikeluarkan',
  officerTitle: 'Jabatan',
  officerName: 'Pejabat',
  officerNip: 'NIP',
  verifyUrl: 'Alamat QR',
};

type StepLabel = 'verify' | 'approve' | 'decideReady' | 'decideHandedOver' | 'reject' | 'cancel';

const STEPS: readonly (readonly [StepLabel, string, string, readonly RequestState[]])[] = [
  ['verify', 'verify', '', ['diajukan']],
  ['approve', 'approve', '', ['diverifikasi']],
  ['decideReady', 'decide-ready', '', ['perluPeriksa', 'gagalCetak', 'takDiambil']],
  ['decideHandedOver', 'decide-handed-over', 'quiet', ['perluPeriksa', 'takDiambil']],
  ['reject', 'reject', 'grave', ['diajukan', 'diverifikasi']],
  ['cancel', 'cancel', 'grave', ['siapCetak', 'gagalCetak', 'takDiambil', 'perluPeriksa']],
];

function steps(strings: Strings, request: RequestRow): Html {
  const fitting = STEPS.filter(([, , , states]) => states.includes(request.state));
  if (fitting.length === 0) return html`<p class="none">${strings.nothingToDo}</p>`;
  return html`<div class="buttons">
    ${fitting.map(
      ([label, step, tone]) =>
        html`<form method="post" action="/requests/${request.requestId}/${step}">
          <button class="${tone}">${strings[label]}</button>
        </form>`,
    )}
  </div>`;
}

function contentSection(strings: Strings, request: RequestRow): Html | null {
  if (request.contentJson === null) return null;
  const content = JSON.parse(request.contentJson) as Record<string, unknown>;
  const lines = Object.entries(content).filter(([, value]) => typeof value === 'string');
  const pages = request.pages === null ? '' : ` (${request.pages} ${strings.pages})`;
  return html`<section>
    <h2>${strings.content}${pages}</h2>
    ${facts(lines.map(([name, value]) => [FIELD_NAMES[name] ?? name, String(value)]))}
  </section>`;
}
