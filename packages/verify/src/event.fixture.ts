/** Leaves and what they commit to, put together for tests from the tables of decision 0013 alone. */
import { concatBytes } from './bytes.ts'
import { accountIdOf } from './ids.ts'
import { sha256 } from './sha256.ts'

/** [number, bytes]: little-endian; text as ASCII. */
export type Field = string | Uint8Array | readonly [bigint | number, number]

export function pack(...fields: readonly Field[]): Uint8Array {
  return concatBytes(
    ...fields.map((field) => {
      if (typeof field === 'string') return new TextEncoder().encode(field)
      if (field instanceof Uint8Array) return field
      const [number, length] = field
      return Uint8Array.from({ length }, (_, at) =>
        Number((BigInt(number) >> BigInt(8 * at)) & 255n),
      )
    }),
  )
}

export const ZEROS = new Uint8Array(32)
export const WALLET = 'users:1042:wallet'
export const SHOP = 'shops:7'
export const EUR = 978
/** 2026-11-25T12:00:00Z, in ns. */
export const START = 1_795_608_000_000_000_000n

/** An event with everything that a receipt could open. */
export interface TestEvent {
  readonly leaf: Uint8Array
  readonly content: Uint8Array
  readonly debit?: Uint8Array
  readonly credit?: Uint8Array
  readonly facts?: Uint8Array
  readonly metadata?: Uint8Array
}

export interface LeafParts {
  readonly kind?: number
  readonly status?: number
  readonly rules?: number
  readonly shard?: number
  readonly sequence?: bigint
  readonly timestamp?: bigint
  readonly requestId?: Uint8Array
  readonly requestDigest?: Uint8Array
  readonly content?: Uint8Array
  readonly debit?: Uint8Array
  readonly credit?: Uint8Array
}

export function packLeaf(parts: LeafParts): Uint8Array {
  const { sequence = 1n } = parts
  return pack(
    'TLE1',
    [parts.kind ?? 1, 1],
    [parts.status ?? 0, 1],
    [parts.rules ?? 1, 2],
    [parts.shard ?? 0, 4],
    [sequence, 8],
    [parts.timestamp ?? START + sequence * 1_000n, 8],
    parts.requestId ?? new Uint8Array(16).fill(1),
    parts.requestDigest ?? new Uint8Array(32).fill(2),
    parts.content ?? new Uint8Array(32).fill(3),
    parts.debit ?? new Uint8Array(32).fill(4),
    parts.credit ?? new Uint8Array(32).fill(5),
  )
}

export interface SideParts {
  readonly asset?: number
  readonly amount: bigint
  readonly account: bigint
  readonly salt: number
  /** number, previous, jump */
  readonly links?: readonly [bigint, bigint, bigint]
  /** debits pending, debits posted, credits pending, credits posted */
  readonly balances?: readonly [bigint, bigint, bigint, bigint]
}

const LOW = (1n << 64n) - 1n

export function packSide(parts: SideParts, wide = false): Uint8Array {
  const { asset = EUR, amount, account, salt, links = [1n, 0n, 0n] } = parts
  const balances = parts.balances ?? [0n, amount, 0n, 0n]
  return pack(
    wide ? 'TLW1' : 'TLN1',
    [asset, 4],
    [amount & LOW, 8],
    new Uint8Array(16).fill(salt),
    [account, 16],
    ...links.map((link) => [link, 8] as const),
    ...balances.map((balance) => [balance & LOW, 8] as const),
    ...(wide ? [amount, ...balances].map((number) => [number >> 64n, 8] as const) : []),
  )
}

export interface ContentParts {
  readonly form?: number
  readonly flags?: number
  readonly code?: number
  readonly metadataLength?: number
  readonly id?: bigint
  readonly sections?: readonly Field[]
}

export function packContent(tag: 'TLC1' | 'TLR1', parts: ContentParts): Uint8Array {
  return pack(
    tag,
    [parts.form ?? 0, 2],
    [parts.flags ?? 0, 2],
    [parts.code ?? 7, 2],
    [parts.metadataLength ?? 0, 2],
    [parts.id ?? 0x019aa3c57d2e7c419b0e3f6a52d81c07n, 16],
    ...(parts.sections ?? []),
  )
}

/** The wallet pays the shop. */
export function payment(sequence: bigint, amount = 1_234n): TestEvent {
  const metadata = new TextEncoder().encode('{"order":"A-17"}')
  const content = packContent('TLC1', {
    form: 1 << 7,
    metadataLength: metadata.length,
    id: (0x019an << 112n) | sequence,
    sections: [sha256(metadata)],
  })
  const wide = amount > LOW
  const debit = packSide({ amount, account: accountIdOf(WALLET), salt: 11 }, wide)
  const credit = packSide(
    { amount, account: accountIdOf(SHOP), salt: 12, balances: [0n, 0n, 0n, amount] },
    wide,
  )
  const hashes = { content: sha256(content), debit: sha256(debit), credit: sha256(credit) }
  return { leaf: packLeaf({ sequence, ...hashes }), content, debit, credit, metadata }
}

/** The wallet has not enough: exceeds_credits, with what its limit said. */
export function refusal(sequence: bigint): TestEvent {
  const account = accountIdOf(WALLET)
  const facts = pack(
    'TLF1',
    new Uint8Array(16).fill(13),
    [account, 16],
    [900, 16],
    [35, 16],
    [0, 16],
  )
  const content = packContent('TLR1', { form: 1 << 6, sections: [sha256(facts)] })
  const side = (salt: number, id: bigint) =>
    pack('TLX1', [EUR, 4], [900, 16], new Uint8Array(16).fill(salt), [id, 16])
  const debit = side(11, account)
  const credit = side(12, accountIdOf(SHOP))
  const hashes = { content: sha256(content), debit: sha256(debit), credit: sha256(credit) }
  return { leaf: packLeaf({ status: 62, sequence, ...hashes }), content, debit, credit, facts }
}

/** The wallet is opened. */
export function opening(sequence: bigint): TestEvent {
  const metadata = new Uint8Array()
  const content = packOther(accountIdOf(WALLET), [
    [0, 16],
    [500, 16],
    [(1n << 128n) - 1n, 16],
    [0, 8],
    [WALLET.length, 4],
    WALLET,
    sha256(metadata),
  ])
  const leaf = packLeaf({
    kind: 3,
    sequence,
    content: sha256(content),
    debit: ZEROS,
    credit: ZEROS,
  })
  return { leaf, content, metadata }
}

export function packOther(id: bigint, fields: readonly Field[]): Uint8Array {
  return pack(
    'TLO1',
    new Uint8Array(16).fill(14),
    [2, 2],
    [7, 2],
    [EUR, 4],
    [id, 16],
    [id, 16],
    ...fields,
  )
}
