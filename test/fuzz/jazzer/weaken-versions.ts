/** ELF-64, little end first (System V ABI, chapter 4): where the header names the sections. */
const SECTIONS_AT = 40;
const SECTION_BYTES_AT = 58;
const SECTION_COUNT_AT = 60;
/** LSB core specification, 10.7: the section of the versions that a library needs, and the mark of one it can do without. */
const SHT_GNU_VERNEED = 0x6ffffffe;
const VER_FLG_WEAK = 0x2;

/** A copy of a shared library that loads where these symbol versions are missing. */
export function weakenVersions(library: Buffer, versions: readonly string[]): Buffer {
  const copy = Buffer.from(library);
  const count = copy.readUInt16LE(SECTION_COUNT_AT);
  for (let index = 0; index < count; index += 1) {
    const section = sectionOf(copy, index);
    if (section.type !== SHT_GNU_VERNEED) continue;
    const strings = sectionOf(copy, section.link).at;
    for (const need of needsOf(copy, section)) {
      const name = strings + copy.readUInt32LE(need + 8);
      const text = copy.toString('latin1', name, copy.indexOf(0, name));
      if (!versions.includes(text)) continue;
      copy.writeUInt16LE(copy.readUInt16LE(need + 4) | VER_FLG_WEAK, need + 4);
    }
  }
  return copy;
}

interface Section {
  readonly type: number;
  readonly at: number;
  readonly link: number;
  readonly entries: number;
}

function sectionOf(elf: Buffer, index: number): Section {
  const table = Number(elf.readBigUInt64LE(SECTIONS_AT));
  const header = table + index * elf.readUInt16LE(SECTION_BYTES_AT);
  return {
    type: elf.readUInt32LE(header + 4),
    at: Number(elf.readBigUInt64LE(header + 24)),
    link: elf.readUInt32LE(header + 40),
    entries: elf.readUInt32LE(header + 44),
  };
}

/** Where each Elfxx_Vernaux stands: a list for each library, in a list of libraries. */
function needsOf(elf: Buffer, section: Section): readonly number[] {
  const found: number[] = [];
  let library = section.at;
  for (let left = section.entries; left > 0; left -= 1) {
    let need = library + elf.readUInt32LE(library + 8);
    for (let more = elf.readUInt16LE(library + 2); more > 0; more -= 1) {
      found.push(need);
      need += elf.readUInt32LE(need + 12);
    }
    library += elf.readUInt32LE(library + 12);
  }
  return found;
}
