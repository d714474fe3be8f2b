import { mkdirSync, writeFileSync } from 'node:fs';
import { createCanvas, ImageData } from '@napi-rs/canvas';
import { composeCard, composeCardPdf } from '../../src/documents/compose-card.ts';
import { composeKk } from '../../src/documents/kk/compose-kk.ts';
import { drawnPhoto } from '../../src/documents/photo/drawn-photo.ts';
import { composeReceipt } from '../../src/documents/receipt/compose-receipt.ts';
import type { CardFields } from '../../src/domain/card-fields.ts';
import { familyOf, kiaOf, ktpElOf, uglyChanges, uglyWord } from './sample-people.ts';

/** Run by hand: draws cards, KK and receipts into out/samples, for eyes. */
const folder = new URL('../../out/samples/', import.meta.url);
const verifyUrl = 'http://127.0.0.1:8080/periksa/req_K7Q2M5X3';
mkdirSync(folder, { recursive: true });

const cards: readonly (readonly [string, CardFields, boolean])[] = [
  ['ktp-el', ktpElOf(), true],
  ['ktp-el-ugly', ktpElOf({ ...uglyChanges, occupation: 'ANGGOTA DPRD KABUPATEN/KOTA' }), true],
  ['ktp-el-one-word', ktpElOf({ name: uglyWord, birthDate: '12-03-1991' }), true],
  ['ktp-el-wna', ktpElOf({ nationality: 'BELANDA', validUntil: '12-03-2031' }), true],
  ['kia-5', kiaOf(), true],
  ['kia-5-ugly', kiaOf({ ...uglyChanges, headOfFamily: uglyWord }), true],
  ['kia-0', kiaOf({ birthDate: '02-05-2023', nik: '9901120205230002' }), false],
];
for (const [name, fields, hasPhoto] of cards) {
  const birthYear = Number(fields.birthDate.slice(6));
  const photo = hasPhoto ? drawnPhoto({ seed: fields.nik + name, birthYear }) : null;
  const card = await composeCard(fields, photo, { mode: 'specimen', verifyUrl });
  const pdf = await composeCardPdf(fields, photo, { mode: 'specimen', verifyUrl });
  if (!card.ok || !pdf.ok) throw new Error(`${name} was refused`);
  for (const { rgba, widthDots, heightDots } of card.value.sides) {
    const canvas = createCanvas(widthDots, heightDots);
    const image = new ImageData(new Uint8ClampedArray(rgba), widthDots, heightDots);
    canvas.getContext('2d').putImageData(image, 0, 0);
    writeFileSync(new URL(`${name}.png`, folder), canvas.toBuffer('image/png'));
  }
  writeFileSync(new URL(`${name}.pdf`, folder), pdf.value);
  console.log(name, card.value.abbreviated);
}
for (const count of [1, 4, 10, 11, 30]) {
  const kk = await composeKk(familyOf(count), { mode: 'specimen' });
  writeFileSync(new URL(`kk-${count}.pdf`, folder), kk);
}
for (const language of ['id', 'en'] as const) {
  const receipt = await composeReceipt(
    {
      language,
      terminalName: 'Anjungan MPP Lamongan 1',
      documentKind: 'kk',
      reference: 'ANJ-7Q2M-5X3K',
      time: '05-01-2026 09:14 WIB',
      outcome:
        language === 'id'
          ? 'Dokumen telah dicetak dan diserahkan.'
          : 'The document was printed and handed over.',
      nextStep:
        language === 'id'
          ? 'Periksa isi dokumen. Bila ada yang keliru, sebutkan nomor rujukan di loket.'
          : 'Check the document. If something is wrong, quote the reference number at the desk.',
      verifyUrl,
      createdAtMs: Date.UTC(2026, 0, 5),
    },
    { mode: 'specimen' },
  );
  writeFileSync(new URL(`receipt-${language}.pdf`, folder), receipt);
}
