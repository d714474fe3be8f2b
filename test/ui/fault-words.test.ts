import { describe, expect, it } from '@jest/globals';
import en from '../../assets/strings/console-en.json' with { type: 'json' };
import id from '../../assets/strings/console-id.json' with { type: 'json' };
import type { CommandSpec } from '../../drivers/contract/command.ts';
import { deviceClasses } from '../../drivers/contract/device-classes.ts';
import { languageSchema } from '../../src/rpc/citizen-view.ts';
import { faultWords, sayIn } from '../../src/ui/console/say.ts';
import { codesInSource } from './codes-in-source.ts';

const source = codesInSource();
const kindsOf = (path: string, name: string): readonly string[] => {
  const kinds = source.kindsOf(path, name);
  if (kinds.length === 0) throw new Error(`${path} has no ${name} with members`);
  return kinds;
};

/** Issuance puts the kind of an error behind a full stop, where the way there has made a mere string of it. */
const families: Readonly<Record<string, readonly string[]>> = {
  order: [...kindsOf('src/documents/order-digest.ts', 'PrintOrderError'), 'noPages'],
  pdf: kindsOf('src/documents/signature/signature-error.ts', 'SignatureError'),
  compose: [
    ...kindsOf('src/documents/compose-card.ts', 'ComposeError'),
    ...kindsOf('src/issuance/ports.ts', 'DocumentTrouble'),
  ],
};
const errorCodes = Object.values(deviceClasses).flatMap((one) =>
  Object.values<CommandSpec>(one.commands).flatMap((command) => command.errorCodes),
);
const misfits = kindsOf('drivers/ipp/printer-facts.ts', 'Misfit');

/** Gathered, and no fault: what zod calls an issue, and how a voice ended that did not fail. */
const NO_FAULTS: readonly string[] = ['custom', 'spoken', 'cutOff'];

const gathered = [...source.codes.keys(), ...errorCodes, ...misfits];
const inFamilies = Object.entries(families).flatMap(([area, kinds]) =>
  kinds.map((kind) => `${area}.${kind}`),
);
const codes = [...new Set([...gathered, ...inFamilies])].filter(
  (code) => !NO_FAULTS.includes(code) && !Object.hasOwn(families, code.replace(/\.\*$/, '')),
);
const files: Readonly<Record<'id' | 'en', Readonly<Record<string, string>>>> = {
  id: id.fault,
  en: en.fault,
};

describe('the codes of faults', () => {
  it('are gathered from where they are born, in each of the ways in which they are written', () => {
    // A literal, a union, a part of a text, a list that is pushed to, a function's return, a constant, a table.
    const known = ['notTaken', 'reservation.onHold', 'heldBy.unknown', 'rejectBinFull'];
    const others = [
      'simulatedEngine',
      'restarted',
      'batteryLow',
      'hostGone',
      'mediaJam',
      'unplugged',
    ];
    expect([...source.codes.keys()]).toEqual(expect.arrayContaining([...known, ...others]));
    expect(source.codes.size).toBeGreaterThan(250);
  });

  it.each(languageSchema.options)('have words in %s', (language) => {
    const say = sayIn(language);
    // A key that the file of this language has not got comes back as it is.
    const wordless = codes.filter((code) =>
      [`: ${code}`, `.${code}`].some((end) => faultWords(say, code).endsWith(end)),
    );
    expect(wordless.map((code) => `${code} (${source.codes.get(code) ?? 'a type'})`)).toEqual([]);
  });

  it.each(languageSchema.options)(
    'have words of their own in %s for each detail, where one detail of that code has them',
    (language) => {
      const keys = Object.keys(files[language]);
      const missing = codes
        .filter((code) => keys.some((key) => key.startsWith(`${code.split('.')[0] ?? ''}_`)))
        .filter((code) => code.includes('.') && !keys.includes(code.replace('.', '_')));
      expect(missing).toEqual([]);
    },
  );

  it('have no words for a code that nothing says', () => {
    const said = new Set(codes.flatMap((code) => [code.split('.')[0], code.replace('.', '_')]));
    expect(Object.keys(id.fault).filter((key) => !said.has(key))).toEqual([]);
  });

  it.each([
    ['id', 'order.expired', 'Izin cetak sudah lewat waktunya'],
    ['en', 'order.expired', 'The permission to print had expired'],
    ['id', 'order.newerThanThisPage', 'Izin cetak tidak lolos pemeriksaan'],
    ['id', 'heldBy.cups', 'Sedang dipakai program lain'],
    ['id', 'debianPackage.alsa-utils', 'Paket Debian yang diperlukan: alsa-utils'],
    ['id', 'powerOff', 'Mati atau diam'],
    ['en', 'unsupported', 'Not supported'],
    ['id', 'xfrParityError', 'Kode: xfrParityError'],
    ['en', 'constructor', 'Code: constructor'],
  ] as const)('come out in %s: %s as "%s"', (language, code, words) => {
    expect(faultWords(sayIn(language), code)).toBe(words);
  });
});
