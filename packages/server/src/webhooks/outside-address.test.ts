import { expect, test } from 'vitest'

import { checkOutside, InsideAddress, isOutside } from './outside-address.ts'

test.each([
  ...['127.0.0.1', '127.1.2.3', '0.0.0.0', '10.1.2.3', '100.64.0.1', '169.254.169.254'],
  ...['172.16.0.1', '172.31.255.255', '192.168.1.1', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
  ...['::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', 'fe80::1', 'fc00::1'],
  ...['fd00:ec2::254', 'ff02::1', '2001:db8::1', '2002:7f00:1::', 'localhost', ''],
])('%s is inside', (address) => {
  expect(isOutside(address)).toBe(false)
})

test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '93.184.216.34', '2606:2800:220:1::1'])(
  '%s is outside',
  (address) => {
    expect(isOutside(address)).toBe(true)
  },
)

// A URL writes an address in its one form, whatever it was given as.
test.each([
  ...['http://127.0.0.1/', 'http://localhost:9/', 'http://0x7f.1/', 'http://2130706433/'],
  ...['http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://0/', 'http://169.254.169.254/latest'],
])('%s is refused before a byte is sent', async (url) => {
  await expect(checkOutside(new URL(url))).rejects.toThrow(InsideAddress)
})
