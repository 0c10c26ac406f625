/** A trace as a tree: who asked, what was answered, what it caused, and what became of that. */
import type { Approval, Balances, LaterEvent } from '@tallystick/sdk'
import { balanceText, metadataText, privateText, timeText } from '../commands/show.ts'
import { countText, moneyText } from '../output/money-text.ts'
import type { Output } from '../output/output.ts'
import { printable } from '../output/printable.ts'
import { namedNodes, type TreeNode, treeText } from '../output/tree.ts'
import type { Trace, TracedRecord, TracedRequest } from './trace.ts'

type Pair = readonly [name: string, value: string, children?: readonly TreeNode[]]

export function traceText(output: Output, trace: Trace): string {
  const { account, requests, hasMore } = trace
  if (account === null) {
    return requests.map((request) => treeText(requestNode(output, trace, request))).join('\n\n')
  }
  const { address, asset, balances } = account
  const balance = balanceText(output, balances.balance, asset)
  const children = requests.map((request) => requestNode(output, trace, request))
  if (hasMore) children.push({ text: output.style('dim', 'older requests: --limit shows more') })
  return treeText({ text: `${output.style('bold', address)}  ${balance}`, children })
}

function requestNode(output: Output, trace: Trace, request: TracedRequest): TreeNode {
  const { id, operation, principal, keyId, source, digest, idempotencyKey } = request
  const { initiator, records, recordCount, receivedAt, timestamp, sequence } = request
  const dim = (text: string): string => output.style('dim', text)
  const reference = referenceOf(request.body)
  const who = `${named(principal)}, key ${named(keyId)}, from ${named(source)}`
  const pairs: Pair[] = [
    ['who', who],
    ...(initiator === null ? [] : [['for', printable(initiator)] as const]),
    ['received', timeText(receivedAt)],
    ['decided', `${timeText(timestamp)}, from sequence ${sequence} on`],
    ...(idempotencyKey === null ? [] : [['key', printable(idempotencyKey)] as const]),
    ...(reference === undefined ? [] : [['reference', printable(reference)] as const]),
    ...(request.approval === undefined
      ? []
      : [['approval', approvalText(request.approval)] as const]),
    ['digest', digest],
    ['answer', answerText(output, request)],
    ['records', countText(recordCount), recordNodes(output, trace, request)],
  ]
  const hidden = Number(recordCount) - records.length
  const rest = hidden > 0 ? [{ text: dim(`${countText(hidden)} more: --records shows them`) }] : []
  return {
    text: `${output.style('bold', id)}  ${operation}`,
    children: [...namedNodes(pairs), ...rest],
  }
}

/** Who asked, and who decided. */
function approvalText(approval: Approval): string {
  const { id, status, requestedBy, decidedBy, decidedRequest } = approval
  const decided = decidedBy === null ? '' : ` by ${printable(decidedBy)} with ${decidedRequest}`
  return `${id}, asked for by ${printable(requestedBy)}, ${status}${decided}`
}

function named(text: string): string {
  return text === '' ? 'unknown' : printable(text)
}

function referenceOf(body: unknown): string | undefined {
  const reference: unknown =
    typeof body === 'object' && body !== null ? Reflect.get(body, 'reference') : undefined
  return typeof reference === 'string' ? reference : undefined
}

/** Its status, and what it said in short: a refusal in words, anything else by its kind. */
function answerText(output: Output, { answer }: TracedRequest): string {
  if (answer === null) return 'given to a program that embeds the ledger'
  const { status, body } = answer
  const field = (name: string): string => {
    const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : ''
    return typeof value === 'string' || typeof value === 'number' ? printable(String(value)) : ''
  }
  const code = output.style(status < 400 ? 'green' : 'red', String(status))
  if (status >= 400) return `${code} ${field('code')}: ${field('detail')}`
  if (field('object') === 'batch') {
    return `${code} batch: ${field('count')} commands, ${field('refused')} refused`
  }
  return `${code} ${field('object')} ${field('status')}`.trimEnd()
}

function recordNodes(output: Output, trace: Trace, request: TracedRequest): TreeNode[] {
  return request.records.map((record) => ({
    text: recordText(output, trace, record),
    children: [...sideNodes(output, record), ...linkNodes(output, record)],
  }))
}

function recordText(output: Output, trace: Trace, record: TracedRecord): string {
  const { sequence, operation, status, id, account } = record
  const isGood = status === 'created' || status === 'changed' || status === 'exists'
  const word = output.style(isGood ? 'green' : 'red', status)
  const what = record.kind ?? operation
  const whom = account !== undefined && record.debitAccount === undefined ? account : (id ?? '')
  const isAsked = id !== null && id === trace.transferId
  const mark = isAsked ? `  ${output.style('cyan', '◀ asked for')}` : ''
  return `#${sequence} ${what} ${word}  ${amountText(record)}${whom}${changeText(record)}${mark}`
}

function amountText({ amount, asset }: TracedRecord): string {
  if (amount === undefined) return ''
  return `${asset === undefined ? amount.toString() : moneyText(amount, asset)}  `
}

function changeText(record: TracedRecord): string {
  const { operation, limit, limitBefore, metadata } = record
  let text = ''
  if (operation === 'change_limit' && limit !== undefined) {
    text += `  limit ${limitBefore ?? 0n} to ${limit} minor units`
  }
  const shown = metadata === undefined ? '' : metadataText(metadata)
  if (shown !== '') text += `  ${shown}`
  return record.private === undefined ? text : `${text}  private: ${privateText(record.private)}`
}

/** Both accounts with their balances right after it; of a refusal what was needed. */
function sideNodes(output: Output, record: TracedRecord): TreeNode[] {
  const { debitAccount, creditAccount, balances, asset } = record
  if (debitAccount === undefined || creditAccount === undefined) return []
  const after = (address: string): string => {
    const of = balances?.[address]
    return of === undefined || asset === undefined ? '' : balancesText(output, of, asset)
  }
  const pairs: Pair[] = [
    ['from', `${debitAccount}  ${after(debitAccount)}`.trimEnd()],
    ['to', `${creditAccount}  ${after(creditAccount)}`.trimEnd()],
  ]
  const { needed, available, account } = record
  if (needed !== undefined) {
    pairs.push(['limit', `${account} had ${available ?? 0n} of ${needed} minor units`])
  }
  return namedNodes(pairs)
}

function balancesText(output: Output, balances: Balances, asset: string): string {
  const { balance, available, debitsPending, creditsPending } = balances
  const parts = [`balance ${balanceText(output, balance, asset)}`]
  if (available !== null) parts.push(`available ${moneyText(available, asset)}`)
  if (debitsPending !== 0n) parts.push(`${moneyText(debitsPending, asset)} held to go`)
  if (creditsPending !== 0n) parts.push(`${moneyText(creditsPending, asset)} held to come`)
  return parts.join(', ')
}

function linkNodes(output: Output, record: TracedRecord): TreeNode[] {
  const { of, later = [], laterHasMore, asset } = record
  const nodes: TreeNode[] = []
  if (of !== undefined) nodes.push({ text: `of    ${of.transferId}  ${of.requestId}` })
  if (later.length > 0) {
    const children = later.map((event) => ({ text: laterText(output, event, asset) }))
    const more = laterHasMore === true ? ['and more before these'] : []
    nodes.push({ text: ['later', ...more].join('  '), children })
  }
  return nodes
}

function laterText(output: Output, event: LaterEvent, asset = ''): string {
  const { kind, amount, remaining, sequence, transferId, requestId } = event
  const money = (minor: bigint): string => (asset === '' ? `${minor}` : moneyText(minor, asset))
  const rest = remaining === 0n ? '' : `, ${money(remaining)} left`
  const word = output.style(kind === 'expired' ? 'yellow' : 'green', kind)
  const by = requestId === null ? 'by itself' : requestId
  const what = transferId === null ? '' : `  ${transferId}`
  return `#${sequence} ${word} ${money(amount)}${rest}  ${timeText(event.timestamp)}${what}  ${by}`
}
