import type { RequestState } from '../../domain/request.ts';

/** What happens to a request, in the past tense. */
export type RequestEvent =
  | 'verified'
  | 'rejected'
  | 'approved'
  | 'madeReady'
  | 'reserved'
  | 'lapsed'
  | 'released'
  | 'printingBegun'
  | 'printed'
  | 'handedOver'
  | 'spoiled'
  | 'requeued'
  | 'retracted'
  | 'doubted'
  | 'paperDoubted'
  | 'decidedReady'
  | 'decidedHandedOver'
  | 'decidedSpoiled'
  | 'decidedRetracted'
  | 'paperHandedOver'
  | 'cancelled'
  | 'expired';

type Row = readonly [from: readonly RequestState[], event: RequestEvent, to: RequestState];

/** The whole life of a request. What is not here cannot happen. */
const TABLE: readonly Row[] = [
  [['diajukan'], 'verified', 'diverifikasi'],
  [['diajukan', 'diverifikasi'], 'rejected', 'ditolak'],
  [['diverifikasi'], 'approved', 'diproses'],
  [['diproses'], 'madeReady', 'siapCetak'],
  [['siapCetak'], 'reserved', 'dipesan'],
  // A lease that ends once the terminal may have printed frees nothing: only its report or people can.
  [['dipesan'], 'lapsed', 'siapCetak'],
  [['dipesan', 'mencetak'], 'released', 'siapCetak'],
  [['dipesan'], 'printingBegun', 'mencetak'],
  [['mencetak'], 'printed', 'tercetak'],
  [['tercetak'], 'handedOver', 'diserahkan'],
  [['dipesan', 'mencetak'], 'spoiled', 'gagalCetak'],
  [['gagalCetak'], 'requeued', 'siapCetak'],
  [['tercetak'], 'retracted', 'takDiambil'],
  [['siapCetak', 'dipesan', 'mencetak', 'tercetak'], 'doubted', 'perluPeriksa'],
  [['mencetak'], 'paperDoubted', 'siapCetak'],
  [['perluPeriksa', 'gagalCetak', 'takDiambil'], 'decidedReady', 'siapCetak'],
  [['perluPeriksa', 'takDiambil'], 'decidedHandedOver', 'diserahkan'],
  // What two people at the terminal found of a card that was reported uncertain.
  [['perluPeriksa'], 'decidedSpoiled', 'gagalCetak'],
  [['perluPeriksa'], 'decidedRetracted', 'takDiambil'],
  // Paper in doubt is ready again at once; somebody may say later that it was there all the same.
  [['siapCetak'], 'paperHandedOver', 'diserahkan'],
  [
    ['diajukan', 'diverifikasi', 'siapCetak', 'gagalCetak', 'takDiambil', 'perluPeriksa'],
    'cancelled',
    'dibatalkan',
  ],
  [['siapCetak'], 'expired', 'kedaluwarsa'],
];

/** The state after `event`, or null where the table does not have it. */
export function nextState(from: RequestState, event: RequestEvent): RequestState | null {
  const row = TABLE.find(([froms, name]) => name === event && froms.includes(from));
  return row === undefined ? null : row[2];
}
