/** Short forms of what nearly every route has, so that a route's own file shows only what is special about it. */
import { Type } from 'typebox'
import { ReadHeaders, WriteHeaders } from '../headers.ts'
import { BODY_BYTES_MAX } from '../limits.ts'
import { MediaType } from '../media-types.ts'
import { Receipt } from '../requests.ts'
import type { Answer, Route } from '../route.ts'
import { strict } from '../schema.ts'

export const dryRun: { dry_run: Type.TOptional<Type.TBoolean> } = {
  dry_run: Type.Optional(
    Type.Boolean({
      description: 'Run all of it and record nothing: the answer is what it would have been.',
      default: false,
    }),
  ),
}

const WriteQuery = strict(dryRun)

const READ = {
  writes: false,
  // The narrowest, for a route that does not say what its rights have to reach.
  reach: 'everywhere',
  headers: ReadHeaders,
  bodyBytesMax: 0,
  problems: [400, 401, 403, 503],
} as const

const WRITE = {
  writes: true,
  reach: 'commands',
  headers: WriteHeaders,
  query: WriteQuery,
  bodyBytesMax: BODY_BYTES_MAX,
  problems: [400, 401, 403, 409, 413, 415, 422, 429, 503],
} as const

type Given<Preset> = Omit<Route, keyof Preset> & Partial<Route>

/** A route that reads: `Ledger-Min-Sequence`, no body. What is given overrules. */
export function read<const Special extends Given<typeof READ>>(
  special: Special,
): Omit<typeof READ, keyof Special> & Special {
  return { ...READ, ...special }
}

/** A route that appends to the log: idempotency, dry run, receipts. What is given overrules. */
export function write<const Special extends Given<typeof WRITE>>(
  special: Special,
): Omit<typeof WRITE, keyof Special> & Special {
  return { ...WRITE, ...special }
}

export function shows<Schema extends Type.TSchema>(
  schema: Schema,
  description: string,
): Answer & { readonly content: { readonly [MediaType.json]: Schema } } {
  return { description, content: { [MediaType.json]: schema }, headers: ['Ledger-Sequence'] }
}

export function wrote<Schema extends Type.TSchema>(
  schema: Schema,
  description: string,
): Answer & { readonly content: { readonly [MediaType.json]: Schema } } {
  return {
    description,
    content: { [MediaType.json]: schema },
    headers: ['Ledger-Sequence', 'Idempotent-Replayed', 'Location'],
  }
}

/** 202, to `Prefer: respond-async`, and to what waits for a second person. */
export const received: Answer & {
  readonly content: { readonly [MediaType.json]: typeof Receipt }
} = {
  description:
    'Safe in the log; `Location` tells where its result will be. With `awaiting_approval` a second person has to approve it.',
  content: { [MediaType.json]: Receipt },
  headers: ['Location'],
}
