/** `POST /v1/rules/{id}/backtest`. */
import {
  type BacktestQuery,
  formatTime,
  type OperationId,
  type PutRule,
  type RuleParams,
  TIME_MAX_NS,
} from '@tallystick/contract'
import { newestOf, type RuleForm } from '@tallystick/rules'

import { forbidden } from '../access/door.ts'
import { reachesRule } from '../access/rule-rights.ts'
import { bodyForm, jsonBody } from '../http/body.ts'
import type { Exchange } from '../http/exchange.ts'
import { refuse } from '../http/refused.ts'
import { ruleSeen } from '../read/rules.ts'
import { triedText } from '../render/rule-text.ts'
import { timeOf } from '../write/fields.ts'
import { type Handler, paramsOf, queryOf } from '../write/handler.ts'
import { formOf } from '../write/rules.ts'
import type { TrialResult } from './trial.ts'

const MS_PER_DAY = 86_400_000

export const RULES: Partial<Record<OperationId, Handler>> = {
  backtestRule: (exchange) => {
    answerBacktest(exchange).catch((error: unknown) => exchange.fail(error))
  },
}

interface Tried {
  readonly form: RuleForm
  /** undefined: it came with the request. */
  readonly version: number | undefined
}

async function answerBacktest(exchange: Exchange): Promise<void> {
  const params = paramsOf(exchange)
  const { from, to } = queryOf(exchange) as BacktestQuery
  const { form, version } = triedOf(exchange, params)
  const { id: rule } = params as RuleParams
  const begin = from === undefined ? 0n : timeOf(from, 'from')
  const end = to === undefined ? TIME_MAX_NS : timeOf(to, 'to')
  if (begin > end) refuse('invalid_parameter', 'from', 'from lies behind to.')
  const { backtests, ledger } = exchange.service
  const shownTo = to === undefined ? ledger.durableTimestamp : end
  const trial = { rule, version: version ?? 1, form, from: begin, to: end }
  const result = await backtests.run(trial)
  const head = JSON.stringify({
    ...{ object: 'backtest', rule, version: version ?? null },
    from: from === undefined ? null : formatTime(begin),
    to: formatTime(shownTo),
    ...countsOf(result),
  })
  const rows = result.shown.map((firing) => triedText(firing))
  exchange.answerJson(200, `${head.slice(0, -1)},"data":[${rows.join(',')}]}`)
}

/** @throws Refused 403, 404 */
function triedOf(exchange: Exchange, params: unknown): Tried {
  const sent = jsonBody(exchange, exchange.id, bodyForm(exchange)) as PutRule | undefined
  if (sent === undefined) return newestOf(ruleSeen(exchange, params))
  const form = formOf(sent)
  if (reachesRule(exchange.principal?.rights, 'rules:read', form)) {
    return { form, version: undefined }
  }
  throw forbidden(`This needs the right rules:read on all of ${form.addresses.join(', ')}.`)
}

function countsOf({ complete, events, through, firings, accounts, byDay }: TrialResult): object {
  return {
    complete,
    events: String(events),
    through: through === 0n ? null : formatTime(through),
    ...{ firings: String(firings), accounts: String(accounts) },
    by_day: byDay.map(([day, count]) => ({
      day: new Date(day * MS_PER_DAY).toISOString().slice(0, 10),
      firings: String(count),
    })),
  }
}
