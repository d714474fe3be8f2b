import '../kit/no-eval.ts';
import '../kit/base.css';
import { createRoot } from 'react-dom/client';
import { assert } from '../../base/assert.ts';
import { App } from './app.tsx';
import { createBridgeClient } from './client/bridge-client.ts';
import { createSocketClient, previewAddress } from './client/socket-client.ts';

const page = document.getElementById('page');
assert(page !== null, 'the document has a place for the page');

const client =
  window.anjungan === undefined
    ? createSocketClient(previewAddress(window.location))
    : createBridgeClient(window.anjungan);

createRoot(page).render(<App client={client} />);
