import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

/** A page is a folder with an index.html; it comes out at `dist/ui/<folder>/index.html`. */
const pages = readdirSync(root)
  .map((folder) => join(root, folder, 'index.html'))
  .filter((page) => existsSync(page));

export default defineConfig({
  root,
  // Relative paths serve `app://ui/citizen/` and a loopback address alike.
  base: './',
  publicDir: false,
  plugins: [react()],
  build: {
    outDir: join(root, '../../dist/ui'),
    emptyOutDir: true,
    target: 'chrome114',
    // A font or picture as data: would need a wider content policy.
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    rolldownOptions: { input: pages },
  },
});
