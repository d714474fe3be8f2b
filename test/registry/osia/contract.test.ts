import { describe, expect, it } from '@jest/globals';
import { Contract, type Operation } from './contract.ts';

const cms = new Contract('cms.yaml');
const dataAccess = new Contract('dataaccess.yaml');
const transaction = new URLSearchParams({ transactionId: 'att_1' });

function found(contract: Contract, method: string, path: string): Operation {
  const operation = contract.find(method, path);
  if (operation === null) throw new Error(`no ${method} ${path}`);
  return operation;
}

const update = found(cms, 'PUT', '/v1/credentialRequests/req_1');
const read = found(cms, 'GET', '/v1/credentialRequests/req_1');
const request = {
  personId: 'uin_1',
  biographicData: {},
  requestData: { priority: 1, credentialProfileId: 'KIA', requestType: 'RENEWAL' },
};
const sent = (body: object, query = transaction) =>
  update.requestFaults(query, JSON.stringify(body));

describe('the strict server', () => {
  it('takes what the interface files describe, and knows its scope and parameters', () => {
    expect(sent({ ...request, status: 'PENDING' })).toEqual([]);
    expect(update.scopes).toEqual(['cms.request.write']);
    expect(read.params).toEqual({ credentialRequestId: 'req_1' });
    expect(read.requestFaults(transaction, '')).toEqual([]);
    expect(read.answerFaults(200, { ...request, credentialRequestId: 'req_1' })).toEqual([]);
    expect(read.answerFaults(404, null)).toEqual([]);
  });

  it.each<[string, string[]]>([
    ['an unknown status', sent({ ...request, status: 'PRINTED' })],
    ['an unknown member', sent({ ...request, printed: true })],
    ['a member that is read-only', sent({ ...request, credentialRequestId: 'req_1' })],
    ['a list that is read-only', sent({ ...request, credentialIds: [] })],
    ['a missing member', sent({ personId: 'uin_1', biographicData: {} })],
    ['no transaction', sent(request, new URLSearchParams())],
    [
      'an unknown parameter',
      sent(request, new URLSearchParams({ transactionId: 'att_1', lock: '1' })),
    ],
    ['a body that is no JSON', update.requestFaults(transaction, '{')],
    ['a body where none belongs', read.requestFaults(transaction, '{}')],
    ['an undeclared answer', read.answerFaults(409, null)],
    ['an answer of another shape', read.answerFaults(200, { ...request, status: 'READY' })],
    ['a body where only a status belongs', read.answerFaults(404, {})],
    [
      'an expression without its value',
      found(dataAccess, 'POST', '/v1/persons/uin_1/verify').requestFaults(
        new URLSearchParams(),
        '[{"attributeName":"printCode","operator":"="}]',
      ),
    ],
  ])('notices %s', (_, faults) => {
    expect(faults).not.toEqual([]);
  });

  it('finds no path and no method that is not there', () => {
    expect(cms.find('GET', '/v1/credentialRequests')).toBeNull();
    expect(cms.find('DELETE', '/v1/credentialRequests/req_1')).toBeNull();
    expect(dataAccess.find('POST', '/v1/persons')).toBeNull();
  });
});
