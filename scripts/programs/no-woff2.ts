/**
 * In the place of fontkit's decompressor, which unpacks a dictionary of 120 kB whenever it is loaded. It is for
 * WOFF2 alone, and the fonts of documents are TrueType.
 */
export default function decompress(): never {
  throw new Error('fonts in WOFF2 cannot be read by a bundled program');
}
