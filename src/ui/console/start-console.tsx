import '../kit/base.css';
import './console.css';
import { createRoot } from 'react-dom/client';
import { assert } from '../../base/assert.ts';
import type { ConsolePage } from './console-page.ts';
import { ConsoleApp } from './console-app.tsx';
import { followColourScheme } from './preferences.ts';

/** Mounts one console page in the document. */
export function startConsole(page: ConsolePage): void {
  const place = document.getElementById('page');
  assert(place !== null, 'the document has a place for the page');
  followColourScheme();
  createRoot(place).render(<ConsoleApp page={page} />);
}
