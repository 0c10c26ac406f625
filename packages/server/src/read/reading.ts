/** The way of a read: what is decided now, shown once it is durable. */

import type { Exchange } from '../http/exchange.ts'
import { Refused } from '../http/refused.ts'
import { MIN_SEQUENCE_POLL_MS, MIN_SEQUENCE_WAIT_MS_MAX } from '../limits.ts'
import type { Service } from '../service.ts'

/** What the path and the query ask, as the contract's schemas let them through. */
export interface Question {
  readonly params: unknown
  readonly query: unknown
}

/** JSON that shows the ledger as it was at a sequence that is durable: nothing has to be waited for. */
export interface DurableText {
  readonly text: string
  readonly sequence: number
}

/** Gives JSON: at once, or in steps when there is much to add up. @throws Refused */
export type Read = (
  service: Service,
  exchange: Exchange,
  question: Question,
) => string | DurableText | Promise<string>

/** Waits as far as the reader asks, reads, and answers when what was read is durable. */
export function answerRead(exchange: Exchange, read: Read, question: Question): void {
  const { service } = exchange
  const token = exchange.header('ledger-min-sequence')
  if (token === undefined) return show(exchange, read, question)
  const sequence = service.tokens.read(token)
  if (sequence === undefined) {
    const detail = 'Ledger-Min-Sequence is not a token of this ledger.'
    throw new Refused({ code: 'precondition_failed', param: 'ledger-min-sequence', detail })
  }
  whenReached(service, sequence, performance.now() + MIN_SEQUENCE_WAIT_MS_MAX, (reached) => {
    try {
      if (!reached) throw notReached()
      show(exchange, read, question)
    } catch (error) {
      exchange.fail(error)
    }
  })
}

export function notReached(): Refused {
  const detail = `The sequence was not reached within ${MIN_SEQUENCE_WAIT_MS_MAX} ms.`
  return new Refused({ code: 'sequence_not_reached', param: 'ledger-min-sequence', detail })
}

/** Looks now and then: who waits inside the ledger for what never comes would wait for ever. */
function whenReached(
  service: Service,
  sequence: number,
  until: number,
  then: (reached: boolean) => void,
): void {
  if (service.ledger.durableSequence >= sequence) return then(true)
  if (performance.now() >= until) return then(false)
  setTimeout(() => whenReached(service, sequence, until, then), MIN_SEQUENCE_POLL_MS)
}

function show(exchange: Exchange, read: Read, question: Question): void {
  const { service } = exchange
  const shown = read(service, exchange, question)
  if (typeof shown === 'string') return showDurable(exchange, shown)
  if (!(shown instanceof Promise)) return answer(exchange, shown)
  shown.then(
    (text) => showDurable(exchange, text),
    (error: unknown) => exchange.fail(error),
  )
}

function answer(exchange: Exchange, { text, sequence }: DurableText): void {
  const { tokens } = exchange.service
  exchange.answerJson(200, text, { 'ledger-sequence': tokens.write(sequence) })
}

/** What was read may be on its way to disk still. */
function showDurable(exchange: Exchange, text: string): void {
  const { ledger } = exchange.service
  const sequence = ledger.lastSequence
  const show = (): void => answer(exchange, { text, sequence })
  if (sequence <= ledger.durableSequence) return show()
  ledger.whenDurable(sequence).then(show, (error: unknown) => exchange.fail(error))
}
