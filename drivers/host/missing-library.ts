/** Debian packages (bookworm names) of the shared libraries that our native modules ask the loader for. */
const DEBIAN_PACKAGES: Readonly<Record<string, string>> = {
  'libpcsclite.so.1': 'libpcsclite1',
  'libusb-1.0.so.0': 'libusb-1.0-0',
  'libudev.so.1': 'libudev1',
  'libstdc++.so.6': 'libstdc++6',
};

export interface MissingLibrary {
  readonly kind: 'missingLibrary';
  readonly library: string;
  readonly debianPackage: string | null;
}

/**
 * Recognises the one expected failure of loading a native module: dlopen(3) finds no shared library.
 * Some modules wrap the loader's error, and drop its code, so the loader's sentence is looked for.
 */
export function missingLibraryOf(error: unknown): MissingLibrary | null {
  if (!(error instanceof Error)) return null;
  const library = /(lib[\w.+-]+\.so[\w.]*): cannot open shared object file/.exec(
    error.message,
  )?.[1];
  if (library === undefined) return missingLibraryOf(error.cause);
  return { kind: 'missingLibrary', library, debianPackage: DEBIAN_PACKAGES[library] ?? null };
}
