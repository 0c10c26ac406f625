import { expect, test } from 'vitest'

import { ClientAddresses, type ProxyHeader } from './client-addresses.ts'

const PROXIES = ['10.0.0.0/8', '2001:db8:1::/48']

/** The address that a request from `peer` comes from. */
function from(peer: string, text: string, header: ProxyHeader = 'x-forwarded-for'): string {
  const request = { socket: { remoteAddress: peer }, headers: { [header]: text } }
  return new ClientAddresses(PROXIES, header).addressOf(request)
}

test.each([
  ['198.51.100.9', '192.0.2.7', '198.51.100.9'],
  ['198.51.100.9', '10.0.0.1', '198.51.100.9'],
  ['10.0.0.1', '192.0.2.7', '192.0.2.7'],
  ['::ffff:10.0.0.1', '192.0.2.7', '192.0.2.7'],
  ['10.0.0.1', '', '10.0.0.1'],
  // What a client wrote stands left of what its proxy added.
  ['10.0.0.1', '127.0.0.1, 192.0.2.7', '192.0.2.7'],
  ['10.0.0.1', '192.0.2.7, 10.0.0.2, 10.0.0.3', '192.0.2.7'],
  ['10.0.0.1', '10.9.9.9,192.0.2.7 , 10.0.0.2', '192.0.2.7'],
  ['10.0.0.1', '10.0.0.2, 10.0.0.3', '10.0.0.2'],
  ['10.0.0.1', '192.0.2.7:4711', '192.0.2.7'],
  ['10.0.0.1', '[2001:DB8:2::1]:4711', '2001:db8:2::1'],
  ['10.0.0.1', '2001:db8:2:0:0:0:0:1', '2001:db8:2::1'],
  ['10.0.0.1', '::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1::5', '192.0.2.7', '192.0.2.7'],
  // What cannot be read says nothing, and neither does what stands left of it.
  ['10.0.0.1', '192.0.2.7, unknown', '10.0.0.1'],
  ['10.0.0.1', '192.0.2.7, unknown, 10.0.0.2', '10.0.0.2'],
  ['10.0.0.1', '192.0.2.7,', '10.0.0.1'],
  ['10.0.0.1', '0x7f.0.0.1', '10.0.0.1'],
  ['10.0.0.1', '127.1', '10.0.0.1'],
  ['10.0.0.1', '192.0.2.7\u0000', '10.0.0.1'],
  ['10.0.0.1', '192.0.2.7/8', '10.0.0.1'],
  ['', '192.0.2.7', ''],
])('X-Forwarded-For: from %s with "%s" it is %s', (peer, text, expected) => {
  expect(from(peer, text)).toBe(expected)
})

test.each([
  ['10.0.0.1', 'for=192.0.2.7', '192.0.2.7'],
  ['10.0.0.1', 'For="192.0.2.7:80";proto=https;by=10.0.0.1', '192.0.2.7'],
  ['10.0.0.1', 'proto=http; for="[2001:db8:2::1]:80"', '2001:db8:2::1'],
  ['10.0.0.1', 'for=127.0.0.1, for=192.0.2.7, for=10.0.0.2', '192.0.2.7'],
  // A quote that a client opens does not swallow what its proxy adds behind it, nor is it read over.
  ['10.0.0.1', 'for="127.0.0.1, for=192.0.2.7', '10.0.0.1'],
  ['10.0.0.1', 'for="127.0.0.1\\", for=192.0.2.7"', '10.0.0.1'],
  ['10.0.0.1', 'for=127.0.0.1;for=192.0.2.7', '10.0.0.1'],
  ['10.0.0.1', 'for=192.0.2.7, for=_hidden', '10.0.0.1'],
  ['10.0.0.1', 'for=192.0.2.7, for=unknown', '10.0.0.1'],
  ['10.0.0.1', 'for=192.0.2.7, proto=https', '10.0.0.1'],
  ['198.51.100.9', 'for=192.0.2.7', '198.51.100.9'],
])('Forwarded: from %s with %s it is %s', (peer, text, expected) => {
  expect(from(peer, text, 'forwarded')).toBe(expected)
})

test('the header that the proxies do not write is ignored', () => {
  const request = {
    socket: { remoteAddress: '10.0.0.1' },
    headers: { forwarded: 'for=127.0.0.1', 'x-forwarded-for': '192.0.2.7' },
  }
  expect(new ClientAddresses(PROXIES).addressOf(request)).toBe('192.0.2.7')
  expect(new ClientAddresses(PROXIES, 'forwarded').addressOf(request)).toBe('127.0.0.1')
})

test('without trusted proxies no header counts, and a list without end is not read to its end', () => {
  const alone = { socket: { remoteAddress: '10.0.0.1' }, headers: { 'x-forwarded-for': '1.2.3.4' } }
  expect(new ClientAddresses([]).addressOf(alone)).toBe('10.0.0.1')
  const long = `192.0.2.7,${'10.0.0.2,'.repeat(1_000)}10.0.0.3`
  expect(from('10.0.0.1', long)).toBe('10.0.0.2')
})
