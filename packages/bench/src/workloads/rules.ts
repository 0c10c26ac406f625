/**
 * Rules: 20 at work on 10,000 accounts with addresses, each of which watches all of them: 4 on balances, 2 on running out, 3 on holds near their deadline, 3 on how often, 3 on how much, 2 on
 * how many counterparties, 2 on new counterparties with large amounts, 1 on limits; windows of a minute to 30 days. One client sends packed batches of 8,190 transfers between
 * uniform pairs, one in flight, as in `batches-10k`, first without rules, then with them. Every answer comes after fdatasync. What counts is the time from the first
 * request until all of them are decided, durable and evaluated. Few rules fire: a firing is a write. Baseline: the same load without rules.
 */
import { Rig } from '../http/rig.ts'
import { EURO } from '../load/euro.ts'
import { type LoadShape, transfersShape } from '../load/spec.ts'
import { memoryUse } from '../machine/process-usage.ts'
import { bytes, count, figure } from '../report/figure.ts'
import { atLeast, type Row, row } from '../report/row.ts'
import type { Context, Workload } from '../workload.ts'

const BATCH = 8_190
const ACCOUNTS = 10_000
const TRANSFERS = 2_000_000
const WARM_UP = { requests: 30, seconds: 1 }
const SECONDS_MAX = 600
const LOOK_MS = 20
const MUCH = '1000000000000'

const balance = (of: 'balance' | 'available', is: 'below' | 'above', threshold: string) => ({
  ...{ kind: 'balance', of, is, threshold },
})
const velocity = (measure: string, direction: string, seconds: number, above: string) => ({
  ...{ kind: 'velocity', measure, direction, over_seconds: seconds, above },
})
const newcomer = (seconds: number) => ({
  ...{ kind: 'new_counterparty', direction: 'debit', amount_from: MUCH, over_seconds: seconds },
})

/** Twenty, of every kind. */
const WHENS: readonly object[] = [
  balance('available', 'below', `-${MUCH}`),
  balance('available', 'above', MUCH),
  balance('balance', 'below', `-${MUCH}`),
  balance('balance', 'above', MUCH),
  { kind: 'running_out', within_days: 1, over_days: 30 },
  { kind: 'running_out', within_days: 3, over_days: 7 },
  { kind: 'hold_deadline', before_seconds: 60 },
  { kind: 'hold_deadline', before_seconds: 3_600 },
  { kind: 'hold_deadline', before_seconds: 86_400 },
  velocity('count', 'debit', 60, MUCH),
  velocity('count', 'credit', 3_600, MUCH),
  velocity('count', 'both', 86_400, MUCH),
  velocity('sum', 'debit', 60, MUCH),
  velocity('sum', 'credit', 3_600, MUCH),
  velocity('sum', 'both', 2_592_000, MUCH),
  velocity('counterparties', 'debit', 3_600, '1000'),
  velocity('counterparties', 'credit', 86_400, '1000'),
  newcomer(86_400),
  newcomer(2_592_000),
  { kind: 'limit_used', of: 'account', percent: 90 },
]

export const rules: Workload = {
  name: 'rules',
  about: '20 rules of every kind on all accounts, packed batches of 8,190, until all is evaluated',
  quickSeconds: undefined,
  async run(context) {
    const rig = await Rig.start(context)
    try {
      return [await measure(context, rig)]
    } finally {
      await rig.stop()
    }
  },
}

async function measure(context: Context, rig: Rig): Promise<Row> {
  const accounts = context.accounts ?? ACCOUNTS
  const shape: LoadShape = transfersShape({
    ...{ kind: 'packed', connections: 1, batch: BATCH, accounts, addressed: true },
  })
  const transfers = context.transfers ?? (context.quick ? TRANSFERS / 4 : TRANSFERS)
  const extent = { requests: Math.ceil(transfers / BATCH), seconds: SECONDS_MAX }
  await rig.openAccounts(shape)
  await rig.load(shape, WARM_UP)
  const without = await rig.load(shape, extent)
  const begunPut = performance.now()
  for (const [index, when] of WHENS.entries()) await put(rig, `rule-${index}`, when)
  await evaluated(rig)
  const refold = (performance.now() - begunPut) / 1_000
  const before = await eventsOf(rig)
  const begun = performance.now()
  const with20 = await rig.load(shape, extent)
  await evaluated(rig)
  const seconds = (performance.now() - begun) / 1_000
  const sent = with20.requests * BATCH
  return row({
    ...{ name: 'rules', unit: 'transfers/s', value: sent / seconds, bar: atLeast(100_000) },
    baseline: { of: 'the same without rules', value: (without.requests * BATCH) / without.seconds },
    durability: 'fdatasync before the answer',
    note: [
      `${count(WHENS.length)} rules on each of ${count(accounts)} accounts, ${count(sent)} transfers`,
      `answered at ${count(sent / with20.seconds)}/s, evaluated ${figure(seconds - with20.seconds)} s later`,
      `${count(before)} events before read in ${figure(refold)} s`,
      `server RSS ${bytes(memoryUse(rig.server.pid).now)}`,
    ].join('; '),
  })
}

async function put(rig: Rig, id: string, when: object): Promise<void> {
  const body = JSON.stringify({ addresses: ['bench:*'], asset: EURO.text, when })
  const answer = await fetch(`http://127.0.0.1:${rig.server.port}/v1/rules/${id}`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${rig.server.rootKey}`,
      'content-type': 'application/json',
    },
    body,
  })
  if (answer.status !== 201) throw new Error(await answer.text())
}

/** Returns when nothing is left to evaluate. */
async function evaluated(rig: Rig): Promise<void> {
  for (;;) {
    const lag = await metricOf(rig, 'tally_rules_lag_events')
    if (lag === 0) return
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

const eventsOf = (rig: Rig): Promise<number> => metricOf(rig, 'tally_rules_events_total')

async function metricOf(rig: Rig, name: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${rig.server.port}/metrics`, {
    headers: { authorization: `Bearer ${rig.server.rootKey}` },
  })
  const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(await answer.text()) ?? []
  if (value === undefined) throw new Error(`there is no figure ${name}`)
  return Number(value)
}
