/**
 * Which addresses webhooks may be sent to: those of the public internet. Names are looked up for every connection, and the connection goes to
 * the very address that was judged, so that a name cannot point elsewhere in between.
 */
import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** The connection would not leave for the public internet. */
export class InsideAddress extends Error {
  override readonly name = 'InsideAddress'
}

/** IANA's special-purpose registry for IPv4, with multicast and what is reserved. */
const INSIDE_4 = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  INSIDE_4.addSubnet(net, bits)
}

/** Of IPv6 only global unicast is outside, without the ranges that stand for IPv4 or for something special. */
const GLOBAL_6 = new BlockList()
GLOBAL_6.addSubnet('2000::', 3, 'ipv6')
const INSIDE_6 = new BlockList()
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  INSIDE_6.addSubnet(net, bits, 'ipv6')
}

export function isOutside(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !INSIDE_4.check(address)
    case 6:
      return GLOBAL_6.check(address, 'ipv6') && !INSIDE_6.check(address, 'ipv6')
    default:
      return false
  }
}

/** A URL's host without the brackets of IPv6. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1')
}

/** Asks for all addresses of a name, as `node:dns` does. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void

/** For `node:http`: all addresses of a name have to be outside, so that none of them is tried later. */
export function outsideLookup(resolve: Resolve): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, '', 0)
      const failure = judge(hostname, found)
      if (failure !== undefined) return done(failure, '', 0)
      const [first] = found
      if (options.all === true) return done(null, found)
      done(null, first?.address ?? '', first?.family ?? 0)
    })
  }
}

/** By the names that this machine knows. */
export const lookupOutside: LookupFunction = outsideLookup(lookup)

function judge(hostname: string, found: readonly LookupAddress[]): InsideAddress | undefined {
  const inside = found.find(({ address }) => !isOutside(address))
  if (found.length > 0 && inside === undefined) return undefined
  return new InsideAddress(`${hostname} is not on the public internet`)
}

/** Whether a host can be sent to now. @throws InsideAddress, and what the look-up throws */
export async function checkOutside(url: URL, look = lookupOutside): Promise<void> {
  const host = hostOf(url)
  if (isIP(host) !== 0) {
    if (isOutside(host)) return
    throw new InsideAddress(`${host} is not on the public internet`)
  }
  await new Promise<void>((resolve, reject) => {
    look(host, { all: true }, (error) => (error === null ? resolve() : reject(error)))
  })
}
