import type { RequestState } from '../../../../domain/request.ts';
import { html, type Html } from '../html.ts';
import type { Strings } from '../strings.ts';

type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'plain';

/** The word says it all; the colour only helps to find it. */
const TONES: Readonly<Record<RequestState, Tone>> = {
  diajukan: 'plain',
  diverifikasi: 'plain',
  ditolak: 'bad',
  diproses: 'plain',
  siapCetak: 'busy',
  dipesan: 'busy',
  mencetak: 'busy',
  tercetak: 'busy',
  diserahkan: 'good',
  gagalCetak: 'bad',
  takDiambil: 'warn',
  perluPeriksa: 'warn',
  kedaluwarsa: 'plain',
  dibatalkan: 'plain',
};

export const stateBadge = (strings: Strings, state: RequestState, more = ''): Html =>
  html`<span class="state ${TONES[state]}">${strings.states[state]}${more}</span>`;
