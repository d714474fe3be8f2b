import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { newId, randomDigits } from '../../../src/base/ids.ts';
import { cardFieldsSchema, type CardFields } from '../../../src/domain/card-fields.ts';
import { newCollectionCode } from '../../../src/domain/collection-code.ts';
import { parseNik, type Nik } from '../../../src/domain/nik.ts';
import type { RequestState } from '../../../src/domain/request.ts';
import { printCodeAttribute, requestIdOf } from '../../../src/registry/osia/claims.ts';
import { credentialRequestSchema } from '../../../src/registry/osia/cms-record.ts';
import type { Denial } from '../../../src/registry/osia/denial.ts';
import {
  createOsiaRegistry,
  type OsiaRegistry,
  type OsiaRegistryOptions,
} from '../../../src/registry/osia/osia-registry.ts';
import { requestStateOf, stageOf } from '../../../src/registry/osia/states.ts';
import {
  createPki,
  terminalCertPath,
  terminalKeyPath,
  type PkiPaths,
} from '../../../src/registry/reference/pki.ts';
import type { ReadyRequest } from '../support/registry-bench.ts';
import { CmsStore, type Body } from './cms-store.ts';
import { StrictServer } from './strict-server.ts';

jest.setTimeout(60_000);

/** One OSIA registry of invented people of province 99, and the adapter as terminals have it. */
export class OsiaBench {
  readonly server: StrictServer;
  readonly store: CmsStore;
  readonly pki: PkiPaths;
  readonly denials: Denial[] = [];
  readonly dir: string;
  readonly #adapters: OsiaRegistry[] = [];
  #people = 0;

  private constructor(dir: string, pki: PkiPaths, server: StrictServer, store: CmsStore) {
    this.dir = dir;
    this.pki = pki;
    this.server = server;
    this.store = store;
  }

  static async start(): Promise<OsiaBench> {
    const dir = mkdtempSync(join(tmpdir(), 'anjungan-osia-'));
    const pki = await createPki(dir, []);
    const store = new CmsStore();
    return new OsiaBench(dir, pki, await StrictServer.start(pki, store), store);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#adapters.map((adapter) => adapter.close()));
    await this.server.stop();
    rmSync(this.dir, { recursive: true });
  }

  async terminal(
    terminalId: string,
    change: Partial<OsiaRegistryOptions> & { readonly url?: string } = {},
  ): Promise<OsiaRegistry> {
    await createPki(this.dir, [terminalId]);
    const { url = this.server.url, ...rest } = change;
    const adapter = createOsiaRegistry({
      cmsUrl: url,
      dataAccessUrl: url,
      tokenUrl: `${url}/oauth2/token`,
      caPem: readFileSync(this.pki.rootCert, 'utf8'),
      clientCertPem: readFileSync(terminalCertPath(this.dir, terminalId), 'utf8'),
      clientKeyPem: readFileSync(terminalKeyPath(this.dir, terminalId), 'utf8'),
      terminalId,
      exclusivity: 'ifMatch',
      recordedRequest: () => null,
      onDenied: (denial) => this.denials.push(denial),
      ...rest,
    });
    this.#adapters.push(adapter);
    return adapter;
  }

  /** A request that may be printed; `change` alters what the CMS holds of it. */
  ready(
    documentKind: 'ktpEl' | 'kia' | 'kk',
    change: (request: Body) => Body = (request) => request,
  ): ReadyRequest {
    const code = newCollectionCode();
    const requestId = requestIdOf(code);
    const printCode = randomDigits(8);
    const nik = this.#nik();
    const personId = newId('uin');
    const fields = fieldsOf(documentKind === 'kia' ? 'kia' : 'ktpEl', nik);
    this.server.fields.set(requestId, fields);
    this.store.attributes.set(personId, new Map([[printCodeAttribute(requestId), printCode]]));
    this.store.put(requestId, change(requestOf(documentKind, personId, fields)));
    const person = { personId, nik, kkNumber: '', name: fields.name, ektpUid: '04a1b2c3d4e5f6' };
    return { requestId, subject: person, applicant: person, pin: '123456', printCode, code };
  }

  /** By what the CMS holds. */
  stateOf(requestId: string): RequestState {
    const {
      status,
      credentialIds = [],
      requestData,
    } = credentialRequestSchema.parse(this.store.read(requestId)?.request);
    const credentials = credentialIds.map((id) =>
      String(this.store.credentials.get(id)?.['status']),
    );
    return requestStateOf(status, credentials, stageOf(requestData.others.anjungan.printAttempts));
  }

  #nik(): Nik {
    this.#people += 1;
    const nik = parseNik(`990101150690${String(this.#people).padStart(4, '0')}`);
    if (!nik.ok) throw new Error(nik.error.kind);
    return nik.value;
  }
}

const profileIds = { ktpEl: 'KTP-EL', kia: 'KIA', kk: 'KK' };

function requestOf(
  documentKind: 'ktpEl' | 'kia' | 'kk',
  personId: string,
  fields: CardFields,
): Body {
  return {
    status: 'PENDING',
    personId,
    requestData: {
      priority: 1,
      credentialProfileId: profileIds[documentKind],
      requestType: 'FIRST_ISSUANCE',
      issuingAuthority: 'Disdukcapil Contoh',
      others: {
        anjungan: {
          claimantName: 'RATNA CONTOH',
          authority: documentKind === 'kia' ? 'parent' : 'self',
          oldCard: 'none',
          oldCardUid: null,
          printAttempts: [],
        },
      },
    },
    biographicData: biographicOf(fields),
  };
}

/** As an agency would write it: OSIA's names and forms, and an attribute that no card has. */
function biographicOf(fields: CardFields): Body {
  const { nik, bloodGroup, address, rtRw, village, district, regency, province } = fields;
  const common = {
    ...{ nik, bloodGroup, address, rtRw, village, district, regency, province },
    fullName: fields.name,
    placeOfBirth: fields.birthPlace,
    dateOfBirth: '1990-06-15',
    gender: 'M',
    religion: fields.religion,
    nationality: fields.nationality,
    issuePlace: fields.issuePlace,
    issueDate: '2026-01-05',
    motherName: 'NOT PRINTED',
  };
  return fields.documentKind === 'ktpEl'
    ? {
        ...common,
        maritalStatus: fields.maritalStatus,
        occupation: fields.occupation,
        validUntil: 'SEUMUR HIDUP',
      }
    : {
        ...common,
        familyCardNumber: fields.kkNumber,
        headOfFamily: fields.headOfFamily,
        birthCertificateNumber: fields.birthCertificateNumber,
        validUntil: '2030-06-15',
        officerTitle: fields.officerTitle,
        officerName: fields.officerName,
      };
}

function fieldsOf(documentKind: 'ktpEl' | 'kia', nik: Nik): CardFields {
  const common = {
    nik,
    name: 'BUDI CONTOH',
    birthPlace: 'KOTA CONTOH',
    birthDate: '15-06-1990',
    sex: 'LAKI-LAKI',
    bloodGroup: 'O',
    address: 'JL. CONTOH 1',
    rtRw: '001/002',
    village: 'DESA CONTOH',
    district: 'KECAMATAN CONTOH',
    regency: 'KABUPATEN CONTOH',
    province: 'PROVINSI CONTOH',
    religion: 'ISLAM',
    nationality: 'WNI',
    issuePlace: 'KOTA CONTOH',
    issueDate: '05-01-2026',
  };
  return cardFieldsSchema.parse(
    documentKind === 'ktpEl'
      ? {
          documentKind,
          ...common,
          maritalStatus: 'KAWIN',
          occupation: 'PETANI',
          validUntil: 'SEUMUR HIDUP',
        }
      : {
          documentKind,
          ...common,
          kkNumber: '9901011506900001',
          headOfFamily: 'RATNA CONTOH',
          birthCertificateNumber: '9901-LT-0001',
          validUntil: '15-06-2030',
          officerTitle: 'KEPALA DINAS',
          officerName: 'SARI CONTOH',
        },
  );
}
