import { expect, it } from '@jest/globals';
import { httpUrlOf } from '../../../drivers/ipp/transport.ts';

it.each([
  ['ipp://printer.test/ipp/print', 'http:', '631'],
  ['ipp://printer.test:8631/ipp/print', 'http:', '8631'],
  ['ipps://printer.test/ipp/print', 'https:', '631'],
  // Which HTTP would take for none at all.
  ['ipp://printer.test:80/ipp/print', 'http:', ''],
  ['ipps://printer.test:443/ipp/print', 'https:', ''],
  ['ipp://printer.test:443/ipp/print', 'http:', '443'],
])('%s is asked by %s on its port', (uri, protocol, port) => {
  const url = httpUrlOf(uri);
  expect([url.protocol, url.port]).toEqual([protocol, port]);
  expect([url.hostname, url.pathname]).toEqual(['printer.test', '/ipp/print']);
});
