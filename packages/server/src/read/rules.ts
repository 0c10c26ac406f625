/** Reads of rules: which there are, in which versions, and what they did. A rule is seen by whoever may read all that it watches. */
import type { RuleParams, RulesQuery } from '@tallystick/contract'
import { Memory, RecordCursor } from '@tallystick/ledger'
import { decodeRuleCommand, newestOf, type RuleRecord } from '@tallystick/rules'

import { reachesRule } from '../access/rule-rights.ts'
import type { Exchange } from '../http/exchange.ts'
import { notFound } from '../http/refused.ts'
import { firingText, ruleText } from '../render/rule-text.ts'
import type { Service } from '../service.ts'
import { paged } from './access.ts'
import type { Read } from './reading.ts'

const cursor = new RecordCursor(Memory.allocate(8))

/** @throws Refused 404, whether it is not there or not seen */
export function ruleSeen({ service, principal }: Exchange, params: unknown): RuleRecord {
  const { id } = params as RuleParams
  const known = service.ledger.rules.rule(id)
  if (known === undefined) return notFound('rule', 'id')
  const { form } = newestOf(known)
  return reachesRule(principal?.rights, 'rules:read', form) ? known : notFound('rule', 'id')
}

function shownRule(service: Service, record: RuleRecord): string {
  const { rule, firings } = record
  return ruleText(rule, newestOf(record), { firings, work: service.rules.workOf(rule) })
}

export const listRules: Read = (service, { principal }, { query }) =>
  paged(
    service,
    { list: 'rules', query: query as RulesQuery },
    {
      rows: () =>
        [...service.ledger.rules.rules].filter((record) =>
          reachesRule(principal?.rights, 'rules:read', newestOf(record).form),
        ),
      placeOf: ({ rule }) => rule,
      text: (record) => shownRule(service, record),
    },
  )

export const getRule: Read = (service, exchange, { params }) =>
  shownRule(service, ruleSeen(exchange, params))

export const listRuleVersions: Read = (_service, exchange, { params }) => {
  const { rule, versions } = ruleSeen(exchange, params)
  const rows = [...versions].reverse().map((version) => ruleText(rule, version))
  return `{"data":[${rows.join(',')}]}`
}

export const listFirings: Read = (service, exchange, { params }) => {
  const rows = [...ruleSeen(exchange, params).recent].reverse().map((sequence) => {
    const record = service.ledger.reader.record(sequence, cursor)
    const command = decodeRuleCommand(record.metadata)
    if (command?.rules !== 'fire') throw new Error('a firing on record can be read')
    return firingText(command, record.timestamp)
  })
  return `{"data":[${rows.join(',')}]}`
}
