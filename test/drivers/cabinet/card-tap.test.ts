import { describe, expect, it } from '@jest/globals';
import { ChildCardTap, type TapCard } from '../../../drivers/cabinet/card-tap.ts';

const CARD: TapCard = {
  uidHex: '04a1b2c3d4e5f6',
  biodata: {
    nik: '9901014107900001',
    name: 'SITI SPESIMEN',
    birthPlace: 'KOTA CONTOH',
    birthDate: '01-07-1990',
    sex: 'PEREMPUAN',
    address: 'JL. CONTOH',
    rt: '001',
    rw: '002',
    village: 'CONTOH',
    district: 'CONTOH',
    regency: 'KOTA CONTOH',
    province: 'PROVINSI CONTOH',
    religion: 'ISLAM',
    maritalStatus: 'KAWIN',
    occupation: 'WIRASWASTA',
    bloodGroup: 'O',
    nationality: 'WNI',
  },
};

/** A child that answers each line with what `answer`, an expression over `line`, yields. */
const childThat = (answer: string): ChildCardTap =>
  new ChildCardTap([
    process.execPath,
    '-e',
    `require('node:readline').createInterface({input:process.stdin}).on('line', (text) => {
      const line = JSON.parse(text); const out = ${answer}; if (out) console.log(out);
    })`,
  ]);

describe('the virtual card as a child', () => {
  it('is told the card and the fault, and answers when the reader can see it', async () => {
    const tap = childThat(
      `JSON.stringify(line.type === 'untap' || (line.card.uidHex === '04a1b2c3d4e5f6' && line.fault === 'silent') ? {type:'done'} : {type:'failed',reason:text})`,
    );
    expect(await tap.tap(CARD, 'silent')).toEqual({ ok: true, value: null });
    expect(await tap.untap()).toEqual({ ok: true, value: null });
    await tap.stop();
  });

  it('passes on why it failed', async () => {
    const tap = childThat(`JSON.stringify({type:'failed',reason:'no reader'})`);
    expect(await tap.tap(CARD, null)).toMatchObject({
      error: { kind: 'virtualCardFailed', reason: 'the virtual card: no reader' },
    });
    await tap.stop();
  });

  it('fails when it answers nonsense or dies, and is started again for the next tap', async () => {
    const tap = childThat(`line.fault === 'garbage' ? 'nonsense' : process.exit(3)`);
    expect(await tap.tap(CARD, 'garbage')).toMatchObject({ error: { kind: 'virtualCardFailed' } });
    expect(await tap.tap(CARD, null)).toMatchObject({
      error: { reason: 'the virtual card: it ended (3)' },
    });
    expect(await tap.tap(CARD, 'garbage')).toMatchObject({
      error: { reason: 'the virtual card: it answered something that is not a reply' },
    });
    await tap.stop();
  });

  it('fails when its program does not exist', async () => {
    const tap = new ChildCardTap(['/nonexistent/virtual-card']);
    expect(await tap.untap()).toMatchObject({ error: { kind: 'virtualCardFailed' } });
    await tap.stop();
  });
});
