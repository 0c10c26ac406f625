/**
 * Who the client is, by address. What a header says counts only as far as it was written by proxies that the operator named: the list is
 * read from its end, and the first address that is no such proxy is the client. What stands left of it can have been written by anybody.
 */
import { SocketAddress } from 'node:net'

import { IpRanges, isIpAddress } from '@tallystick/access'

/** One of them: a proxy that writes the one lets a client's own of the other pass. */
export const PROXY_HEADERS = ['x-forwarded-for', 'forwarded'] as const
export type ProxyHeader = (typeof PROXY_HEADERS)[number]

/** A request, as far as it tells of who sent it. */
export interface Sender {
  readonly socket: { readonly remoteAddress?: string | undefined }
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** Proxies behind one another. */
const HOPS_MAX = 32

export class ClientAddresses {
  readonly #trusted: IpRanges
  readonly #header: ProxyHeader

  constructor(trusted: readonly string[], header: ProxyHeader = 'x-forwarded-for') {
    this.#trusted = new IpRanges(trusted)
    this.#header = header
  }

  /** @returns '' when the connection is closed already, or has no address. */
  addressOf({ socket, headers }: Sender): string {
    const peer = plainAddress(socket.remoteAddress ?? '')
    if (this.#trusted.isEmpty || !this.#trusted.has(peer)) return peer
    const given = headers[this.#header]
    const text = typeof given === 'string' ? given : (given?.join(',') ?? '')
    const hops = this.#header === 'forwarded' ? forwardedHops(text) : text.split(',')
    return this.#clientOf(peer, hops)
  }

  /** What cannot be read ends the list: the one who handed it on is then all that is known. */
  #clientOf(peer: string, hops: readonly (string | undefined)[]): string {
    let client = peer
    const first = Math.max(0, hops.length - HOPS_MAX)
    for (let at = hops.length - 1; at >= first; at--) {
      const address = addressOfNode(hops[at]?.trim() ?? '')
      if (address === undefined) return client
      client = address
      if (!this.#trusted.has(address)) return client
    }
    return client
  }
}

/** An IPv4 address that a socket for both shows as IPv6 is the IPv4 address. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

/** `192.0.2.7`, `192.0.2.7:4711`, `2001:db8::1`, `[2001:db8::1]:4711`, in the one spelling that an address has. */
function addressOfNode(node: string): string | undefined {
  const [, bracketed] = /^\[([0-9a-f:.]+)\](?::\d{1,5})?$/i.exec(node) ?? []
  const [, dotted] = /^(\d+\.\d+\.\d+\.\d+)(?::\d{1,5})?$/.exec(node) ?? []
  const address = plainAddress((bracketed ?? dotted ?? node).toLowerCase())
  if (!isIpAddress(address)) return undefined
  if (!address.includes(':')) return address
  return plainAddress(new SocketAddress({ address, family: 'ipv6' }).address)
}

const FORWARDED_PAIR = /^\s*([!#$%&'*+.^_`|~\w-]+)=("(?:[^"\\]|\\.)*"|[^\s",;]*)\s*$/

/** The nodes that `Forwarded` (RFC 7239) names with `for`, one for each element; undefined: it has none that can be read. */
function forwardedHops(text: string): (string | undefined)[] {
  return splitOutsideQuotes(text, ',').map((element) => {
    let node: string | undefined
    for (const pair of splitOutsideQuotes(element, ';')) {
      const [, name = '', value = ''] = FORWARDED_PAIR.exec(pair) ?? []
      // A second one could be a client's.
      if (name === '' || (name.toLowerCase() === 'for' && node !== undefined)) return undefined
      if (name.toLowerCase() === 'for') node = unquoted(value)
    }
    return node
  })
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = []
  let from = 0
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '\\' && isQuoted) at++
    else if (character === '"') isQuoted = !isQuoted
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  parts.push(text.slice(from))
  return parts
}
