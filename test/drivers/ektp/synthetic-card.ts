import type { EKtpBiodata } from '../../../drivers/contract/card-reader.ts';
import type { SimulatedIcc } from '../../../drivers/ektp/simulated-icc.ts';
import { err, ok } from '../../../src/base/result.ts';
import type { CardChannel } from '../../../drivers/contract/card-channel.ts';

/** Nobody: province 99 is not allocated. Every field that may be awkward is. */
export const siti: EKtpBiodata = {
  nik: '9901014107900001',
  name: "SITI NUR'AINI, S.Pd",
  birthPlace: 'SPESIMEN',
  birthDate: '01-07-1990',
  sex: 'PEREMPUAN',
  address: 'JL. CONTOH "RAYA" NO. 1, GG. II',
  rt: '001',
  rw: '002',
  village: 'DESA SPESIMEN',
  district: 'KECAMATAN SPESIMEN',
  regency: 'KABUPATEN SPESIMEN',
  province: 'PROVINSI SPESIMEN',
  religion: 'ISLAM',
  maritalStatus: 'KAWIN',
  occupation: 'GURU',
  bloodGroup: 'O',
  nationality: 'WNI',
};
export const suparman: EKtpBiodata = { ...siti, nik: '9901010107850002', name: 'SUPARMAN' };

export const TYPE_A_UID = '04A1B2C3D4E5F6';

/** A chip without a slot between: answers at once, and leaves or falls silent as the simulated one says. */
export const channelTo = (icc: SimulatedIcc): CardChannel => ({
  transmit(apdu) {
    const reply = icc.transmit(apdu);
    switch (reply.kind) {
      case 'answer':
        return Promise.resolve(ok(reply.bytes));
      case 'silent':
        return Promise.resolve(err({ kind: 'cardSilent' }));
      case 'gone':
        return Promise.resolve(err({ kind: 'cardRemoved' }));
    }
  },
});
