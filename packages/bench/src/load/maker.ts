/** Who makes the requests of one connection, and knows what a good answer is. */
import { MediaType } from '@tallystick/contract'

import type { Answer } from './answer-reader.ts'
import type { LoadSpec } from './spec.ts'

export interface RequestMaker {
  /** A whole request. Stays as it is until the call after the next. */
  make(): Uint8Array
  /** What is wrong with an answer, or undefined. Every answer is looked at: a refused transfer is not counted as one. */
  fault(answer: Answer): string | undefined
}

/** Place of a connection among the others of its load. */
export interface Seat {
  readonly spec: LoadSpec
  readonly index: number
}

export const KEY_LENGTH = 32

/** Request line and headers, without the length of the body. */
export function head(spec: LoadSpec, route: string, headers: readonly string[]): string[] {
  return [
    `${route} HTTP/1.1`,
    `host: 127.0.0.1:${spec.port}`,
    `authorization: Bearer ${spec.rootKey}`,
    ...headers,
  ]
}

export const JSON_BODY = `content-type: ${MediaType.json}`
export const PACKED_BODY = `content-type: ${MediaType.batch}`
export const BATCHES = 'POST /v1/batches'
