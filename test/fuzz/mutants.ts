/** A bug to be planted in a parser while it is bundled for the fuzzer: `good` stands once in `file`. */
export interface Mutant {
  readonly target: string;
  readonly file: string;
  readonly good: string;
  readonly bad: string;
}

/** Bugs of the common kinds: a bound off, a check forgotten, a state not set back, an exception let through. Two were ours. */
export const mutants: readonly Mutant[] = [
  {
    target: 'cabinet-frames',
    file: 'drivers/cabinet-io/frame.ts',
    good: "crc16(Buffer.from(body, 'latin1')) === parseInt(check, 16)",
    bad: "(crc16(Buffer.from(body, 'latin1')) & 0xff) === (parseInt(check, 16) & 0xff)",
  },
  {
    target: 'ccid-descriptors',
    file: 'drivers/ccid-card-reader/descriptors.ts',
    good: 'descriptor.length === CCID_BYTES',
    bad: 'descriptor.length >= 6',
  },
  {
    target: 'ccid-replies',
    file: 'drivers/ccid-card-reader/protocol.ts',
    good: "if (length !== bytes.length) return err('lengthLies');",
    bad: '',
  },
  {
    target: 'cms-signatures',
    file: 'src/documents/signature/der.ts',
    good: 'end > limit ||',
    bad: '',
  },
  {
    target: 'config-file',
    file: 'src/core/config/load.ts',
    good: 'if (!(cause instanceof TomlError)) throw cause;',
    bad: 'throw cause;',
  },
  {
    target: 'ektp-answers',
    file: 'drivers/ektp/simulated-icc.ts',
    good: 'bytes.length > dataEnd + 1',
    bad: 'bytes.length > dataEnd + 2',
  },
  {
    target: 'ektp-biodata',
    file: 'drivers/ektp/biodata.ts',
    good: ".replaceAll('\"\"', '\"')",
    bad: ".replace('\"\"', '\"')",
  },
  {
    target: 'ektp-reading',
    file: 'drivers/ektp/protocol.ts',
    good: 'cardProof.value.data.length > 255',
    bad: 'cardProof.value.data.length > 600',
  },
  {
    target: 'escpos-answers',
    file: 'drivers/escpos-receipt-printer/answers.ts',
    good: 'byte >= 0x20 && byte <= 0x7e',
    bad: 'byte >= 0x20',
  },
  {
    target: 'evolis-commands',
    file: 'drivers/evolis-card-printer/simulator-parser.ts',
    good: "new StreamBreach('a command without a name')",
    bad: "new RangeError('a command without a name')",
  },
  {
    target: 'evolis-replies',
    file: 'drivers/evolis-card-printer/protocol.ts',
    good: "if (ended) return err('tooMany');",
    bad: '',
  },
  {
    target: 'hid-reports',
    file: 'drivers/hid-code-scanner/protocol.ts',
    good: 'byte > 0x7e',
    bad: 'byte > 0x7f',
  },
  {
    target: 'ipp-answers',
    file: 'drivers/ipp/framing.ts',
    good: 'length < 0 ? null : ',
    bad: '',
  },
  {
    target: 'journal-rows',
    file: 'src/journal/chain/row-body.ts',
    good: '|| !Buffer.from(canonicalJson(parsed.data)).equals(body)',
    bad: '',
  },
  {
    target: 'jpeg-sizes',
    file: 'src/documents/photo/jpeg-size.ts',
    good: 'size.width > MAX_SIDE || size.height > MAX_SIDE',
    bad: 'size.width > MAX_SIDE && size.height > MAX_SIDE',
  },
  {
    target: 'json-lines',
    file: 'src/base/json-lines.ts',
    good: 'this.#rest = [];\n      this.#restBytes = 0;',
    bad: 'this.#restBytes = 0;',
  },
  {
    target: 'nut-lists',
    file: 'drivers/ups/protocol.ts',
    good: 'this.#variables.has(name) || ',
    bad: '',
  },
  {
    target: 'pdf-files',
    file: 'src/documents/signature/signed-range.ts',
    good: '[0-9a-fA-F]{2})+>$/',
    bad: '[^>]{2})+>$/',
  },
  {
    target: 'print-orders',
    file: 'src/documents/order-digest.ts',
    good: "if (order.terminalId !== expected.terminalId) return { kind: 'wrongTerminal' };",
    bad: '',
  },
  {
    target: 'registry-json',
    file: 'src/registry/http/strict-json.ts',
    good: "new Set(['__proto__', 'constructor', 'prototype'])",
    bad: "new Set(['constructor', 'prototype'])",
  },
  {
    target: 'scanned-codes',
    file: 'src/domain/nik.ts',
    good: '/^\\d{16}$/',
    bad: '/^\\d{16}/',
  },
  {
    target: 'serial-frames',
    file: 'drivers/serial-code-scanner/protocol.ts',
    good: 'crc16(body) !== parseInt(this.#check, 16)',
    bad: '(crc16(body) & 0xff) !== (parseInt(this.#check, 16) & 0xff)',
  },
  {
    target: 'serial-lines',
    file: 'drivers/serial-code-scanner/protocol.ts',
    good: 'this.#skipping = true;\n    this.#payload = [];',
    bad: 'this.#payload = [];',
  },
  {
    target: 'typed-keys',
    file: 'drivers/hid-code-scanner/keyboard-protocol.ts',
    good: "!dropped && text !== ''",
    bad: '!dropped',
  },
];
