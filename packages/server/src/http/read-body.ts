/**
 * Reads a body whose length is known beforehand, which is nearly every one. Node's parser holds the bytes to that length, so
 * nothing is counted here; the framework's own way, which the others take, counts, copies and keeps an async resource per body.
 */
import type { Exchange } from './exchange.ts'

/** Calls back with the bytes; a connection that breaks before the last of them fails the exchange. */
export function readBody(exchange: Exchange, length: number, then: (body: Buffer) => void): void {
  const { raw } = exchange.request
  let first: Buffer | undefined
  let all: Buffer[] | undefined
  raw.on('data', (chunk: Buffer) => {
    if (first === undefined) first = chunk
    else (all ??= [first]).push(chunk)
  })
  raw.on('end', () => {
    // A chunk belongs to whoever was given it, so that the only one needs no copy.
    then(all === undefined ? (first ?? NOTHING) : Buffer.concat(all, length))
  })
  raw.on('error', (error) => exchange.fail(error))
}

const NOTHING = Buffer.alloc(0)
