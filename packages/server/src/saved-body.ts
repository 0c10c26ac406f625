/**
 * What a request keeps besides its records: the part of the answer that records do not say. JSON in the book, so its names
 * stay for ever; fields are left out where they say nothing.
 */

export interface SavedTransaction {
  /** Event of its first posting, counted in the request. */
  readonly at: number
  readonly count: number
  readonly metadata?: object
  /** Id of the transaction that it takes back. */
  readonly reverses?: string
}

export interface SavedAccount {
  readonly limit: string
  readonly subtree_limit: string | null
  readonly closed: boolean
  readonly metadata: string
}

export interface SavedBody {
  readonly reference?: string
  /** Events that open accounts before the asked ones begin. */
  readonly opened?: number
  /** Addresses that no account had when it was asked: a refusal names them. */
  readonly debit_account?: string
  readonly credit_account?: string
  readonly account?: string
  readonly transaction?: SavedTransaction
  /** The account's settings as they are after the command. */
  readonly after?: SavedAccount
  readonly asset?: string
  /** Whose key was put in another's place. */
  readonly principal?: string
  /** It was not done, but waits under this id. */
  readonly approval?: string
  /** Approval that it decided. */
  readonly decides?: string
  /** Of a batch. */
  readonly atomic?: true
  readonly balances?: false
  /** Of a batch: events before and of each command, where they are not 0 and 1. */
  readonly spans?: readonly (readonly [opened: number, count: number])[]
  /** Of a batch, by event. */
  readonly references?: Readonly<Record<string, string>>
  readonly transactions?: readonly SavedTransaction[]
  /** What stands for the private data of the request, in its order: to know it again when its subject is erased. */
  readonly private?: readonly string[]
}

const EMPTY: SavedBody = {}
const NO_BYTES = new Uint8Array(0)

export function readBody(bytes: Uint8Array): SavedBody {
  if (bytes.length === 0) return EMPTY
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as SavedBody
}

/** Undefined fields are left out; nothing at all takes no bytes. */
export function writeBody(body: SavedBody): Uint8Array {
  const text = JSON.stringify(body)
  return text === '{}' ? NO_BYTES : Buffer.from(text)
}

export function referenceAt(body: SavedBody, index: number): string | undefined {
  if (body.references !== undefined) return body.references[index]
  return index === (body.opened ?? 0) ? body.reference : undefined
}
