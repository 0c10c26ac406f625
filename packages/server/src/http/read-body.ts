/**
 * Reads a body whose length is known beforehand, which is nearly every one. Node's parser holds the bytes to that length, so
 * nothing is counted here; the framework's own way, which the others take, counts, copies and keeps an async resource per body.
 */
import { MediaType } from '@tallystick/contract'

import { POOLED_BODY_BYTES_MIN } from '../limits.ts'
import { packedDigest } from '../write/digest.ts'
import type { Exchange } from './exchange.ts'

/** Calls back with the bytes; a connection that breaks before the last of them fails the exchange. */
export function readBody(exchange: Exchange, length: number, then: (body: Buffer) => void): void {
  const { raw } = exchange.request
  raw.on('error', (error) => exchange.fail(error))
  const isPacked = exchange.header('content-type') === MediaType.batch
  if (isPacked && length >= POOLED_BODY_BYTES_MIN) return readPooled(exchange, length, then)
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
}

const NOTHING = Buffer.alloc(0)

/** A large packed batch: into memory of the pool, and hashed while the rest of it is still on its way. */
function readPooled(exchange: Exchange, length: number, then: (body: Buffer) => void): void {
  const { request, service } = exchange
  const memory = service.bodies.take(length)
  const digest = packedDigest()
  let read = 0
  request.raw.on('data', (chunk: Buffer) => {
    memory.set(chunk, read)
    read += chunk.length
    digest.update(chunk)
    letGo(chunk)
  })
  request.raw.on('end', () => {
    exchange.pooled = { memory, digest: digest.digest() }
    then(memory.subarray(0, read))
  })
}

/** Frees a chunk at once: a garbage collection would find it, but so many bytes of them would call for one every thirty batches. */
export function letGo(chunk: Buffer): void {
  const { buffer } = chunk
  const isItsOwn = buffer instanceof ArrayBuffer && buffer.byteLength === chunk.length
  if (isItsOwn) buffer.transfer(0)
}
