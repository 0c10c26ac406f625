/** What operators and their machines ask: health, readiness, figures, documents. */
import { MediaType, openapiDocument, type OperationId } from '@tallystick/contract'

import { docsPage } from './docs/page.ts'
import type { Service } from './service.ts'
import { logStatus } from './trust/handlers.ts'
import type { Handler } from './write/handler.ts'

/** The page runs no script and loads nothing; its style stands in it. */
const DOCS_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"

export function operationsHandlers(service: Service): Partial<Record<OperationId, Handler>> {
  const { version, publicUrl } = service
  const url = publicUrl === '' ? undefined : publicUrl
  const openapi = JSON.stringify(
    openapiDocument({ version, ...(url === undefined ? {} : { url }) }),
  )
  const docs = docsPage(version, publicUrl)
  return {
    getHealth: (exchange) => exchange.answerJson(200, healthText(service)),
    getReadiness: (exchange) => {
      const { status, text } = readiness(service)
      exchange.answerJson(status, text, status === 200 ? {} : { 'retry-after': '1' })
    },
    getMetrics: (exchange) => {
      const text = service.metrics.text(service)
      exchange.answer(200, text, { 'content-type': `${MediaType.metrics}; version=0.0.4` })
    },
    getOpenapi: (exchange) => exchange.answerJson(200, openapi),
    getDocs: (exchange) =>
      exchange.answer(200, docs, {
        'content-type': `${MediaType.html}; charset=utf-8`,
        'content-security-policy': DOCS_POLICY,
      }),
  }
}

function healthText({
  version,
  trust,
  ledger,
  database,
  brokers,
  checking,
  rules,
}: Service): string {
  const log = trust === undefined ? {} : { log: logStatus(trust, ledger.durableSequence) }
  const { status } = database?.state ?? {}
  const checked = checking?.agreement.last
  const agrees = checked?.differences.length === 0 ? 'agree' : 'differ'
  const told = brokers.publishers.map(({ kind, status: state }) => [kind, state])
  return JSON.stringify({
    ...{ status: 'ok', version, ...log },
    ...(status === undefined ? {} : { database: status }),
    ...(rules.status === 'none' ? {} : { rules: rules.status }),
    ...(checked === undefined ? {} : { read_models: agrees }),
    ...(told.length === 0 ? {} : { brokers: Object.fromEntries(told) }),
  })
}

function readiness({ ledger, draining, scrubbed, trust }: Service): {
  status: number
  text: string
} {
  const state = ledger.state === 'closed' ? 'draining' : ledger.state
  const open = trust?.isBehind === true ? 'behind_signed' : 'ready'
  const status = draining ? 'draining' : state === 'open' ? open : state
  const text = JSON.stringify({
    status,
    accounts: String(ledger.reader.accountCount),
    sequence: String(ledger.lastSequence),
    durable_sequence: String(ledger.durableSequence),
    damaged: scrubbed.damage !== undefined,
  })
  return { status: status === 'ready' ? 200 : 503, text }
}
