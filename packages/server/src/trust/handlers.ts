/** What is asked of the proof log over HTTP: its state, checkpoints, tiles, leaves, receipts. */
import {
  type AccountParams,
  type AccountProofQuery,
  type AuditParams,
  type BundleParams,
  formatTime,
  type IdParams,
  MediaType,
  type OperationId,
  parseId,
  type TileParams,
} from '@tallystick/contract'
import { encodeEntryBundle, parseTilePath } from '@tallystick/proof'

import type { Exchange } from '../http/exchange.ts'
import { auditSequence } from '../read/audit.ts'
import { notFound, Refused } from '../http/refused.ts'
import { periodOf } from '../read/entries.ts'
import type { Service } from '../service.ts'
import { type Handler, paramsOf, queryOf } from '../write/handler.ts'
import { checkpointOver, soundOnly } from './not-ready.ts'
import { receiptText, type ShownParts } from './receipt.ts'
import type { TrustLog } from './trust-log.ts'
import type { WitnessState } from './witness-client.ts'

const OCTETS = { 'content-type': MediaType.octets }
const TEXT = { 'content-type': `${MediaType.text}; charset=utf-8` }
const NS_PER_MS = 1_000_000n
const NS_PER_SECOND = 1_000_000_000n

export const TRUST: Partial<Record<OperationId, Handler>> = {
  getLog: (exchange) => exchange.answerJson(200, logText(exchange.service)),
  getCheckpoint: (exchange) => {
    const { newest } = trustOf(exchange.service)
    if (newest === undefined) return notFound('checkpoint', 'checkpoint')
    exchange.answer(200, newest.note, TEXT)
  },
  getTile: (exchange) => {
    const { tile } = paramsOf(exchange) as TileParams
    exchange.answer(200, tileBytes(trustOf(exchange.service), tile), OCTETS)
  },
  getEntryBundle: (exchange) => {
    const { bundle } = paramsOf(exchange) as BundleParams
    exchange.answer(200, bundleBytes(trustOf(exchange.service), bundle), OCTETS)
  },
  getAccountProof: (exchange) => {
    answerAccountProof(exchange).catch((error: unknown) => exchange.fail(error))
  },
  getAuditReceipt: (exchange) => {
    queryOf(exchange)
    answerAuditReceipt(exchange).catch((error: unknown) => exchange.fail(error))
  },
  getReceipt: (exchange) => {
    answerReceipt(exchange).catch((error: unknown) => exchange.fail(error))
  },
}

/** @throws Refused `proofs_unavailable` */
function trustOf({ trust }: Service): TrustLog {
  if (trust !== undefined) return trust
  throw switchedOff()
}

export function switchedOff(): Refused {
  const detail = 'The proof log is switched off on this server.'
  return new Refused({ code: 'proofs_unavailable', detail })
}

function logText(service: Service): string {
  const trust = trustOf(service)
  const { options, newest, refusal, trouble } = trust
  const { head } = options.proofs
  const { durableSequence } = service.ledger
  return JSON.stringify({
    object: 'log',
    origin: options.origin,
    keys: options.keys,
    witnesses: options.witnesses.states().map(witnessState),
    quorum: options.quorum,
    events: String(durableSequence),
    hashed: String(head.size),
    signed: String(newest?.size ?? 0),
    signed_at: newest === undefined ? null : formatTime(BigInt(newest.signedAt) * NS_PER_MS),
    status: logStatus(trust, durableSequence),
    detail: refusal ?? trouble ?? null,
  })
}

function witnessState(state: WitnessState): object {
  const { name, url, size, cosignedAt, failure, alarm } = state
  return {
    ...{ name, url, size: size === undefined ? null : String(size) },
    cosigned_at: cosignedAt === undefined ? null : formatTime(cosignedAt * NS_PER_SECOND),
    detail: alarm ?? failure ?? null,
    alarm: alarm !== undefined,
  }
}

export type LogStatus = 'ok' | 'behind' | 'alarmed' | 'stopped' | 'refused'

export function logStatus(trust: TrustLog, durableSequence: number): LogStatus {
  const { proofs, witnesses } = trust.options
  if (trust.refusal !== undefined) return 'refused'
  if (proofs.failure !== undefined) return 'stopped'
  if (witnesses.states().some(({ alarm }) => alarm !== undefined)) return 'alarmed'
  return trust.trouble !== undefined || proofs.head.size < durableSequence ? 'behind' : 'ok'
}

function tileBytes({ options: { sound } }: TrustLog, path: string): Uint8Array {
  const { level, index, width } = parseTilePath(`tile/${path}`) ?? notFound('tile', 'tile')
  if (typeof level !== 'number') return notFound('tile', 'tile')
  return soundOnly(() => sound.tile({ level, index, width })) ?? notFound('tile', 'tile')
}

/** Leaves are made again from the book: they are not stored twice. */
function bundleBytes({ options: { proofs } }: TrustLog, path: string): Uint8Array {
  const id = parseTilePath(`tile/entries/${path}`)
  if (id === undefined) return notFound('bundle', 'bundle')
  const first = Number(id.index) * 256 + 1
  if (first + id.width - 1 > proofs.head.size) return notFound('bundle', 'bundle')
  return encodeEntryBundle(proofs.events(first, id.width).map(({ leaf }) => leaf))
}

async function answerAccountProof(exchange: Exchange): Promise<void> {
  const { accountProofs } = exchange.service
  if (accountProofs === undefined) throw switchedOff()
  const { address } = paramsOf(exchange) as AccountParams
  const period = periodOf(queryOf(exchange) as AccountProofQuery)
  exchange.answerJson(200, await accountProofs.document({ address, ...period }))
}

async function answerAuditReceipt(exchange: Exchange): Promise<void> {
  const { service } = exchange
  const trust = trustOf(service)
  const sequence = auditSequence(service, (paramsOf(exchange) as AuditParams).sequence)
  await answerEvent(exchange, trust, { sequence, shown: {} })
}

async function answerReceipt(exchange: Exchange): Promise<void> {
  const { service } = exchange
  const trust = trustOf(service)
  const { id } = paramsOf(exchange) as IdParams
  const transfer = service.ledger.reader.transfer(parseId(id) ?? 0n)
  if (transfer === undefined) return notFound('transfer', 'id')
  const { sequence } = transfer
  const { reader } = service.ledger
  const shown = {
    debit: reader.account(transfer.debitAccountId)?.address ?? '',
    credit: reader.account(transfer.creditAccountId)?.address ?? '',
  }
  await answerEvent(exchange, trust, { sequence, shown })
}

async function answerEvent(
  exchange: Exchange,
  trust: TrustLog,
  { sequence, shown }: { readonly sequence: number; readonly shown: ShownParts },
): Promise<void> {
  const checkpoint = await checkpointOver(trust, sequence)
  const event = { sequence, parts: trust.options.proofs.event(sequence), shown }
  const text = soundOnly(() => receiptText(trust.options.sound, checkpoint, event))
  exchange.answer(200, text, TEXT)
}
