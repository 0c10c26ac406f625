/** Counts and latencies of requests, and the ledger's own figures, in Prometheus' text format 0.0.4. */
import { OPERATION_IDS, type OperationId } from '@tallystick/contract'
import type { TallyLedger } from '@tallystick/engine'

import type { DatabaseState } from '@tallystick/postgres'
import type { ReadModelsState } from '@tallystick/read-models'

import type { BrokerPublisher } from '../brokers/broker-publisher.ts'
import type { EventFeed } from '../events/event-feed.ts'
import type { RulesFigures } from '../rules/rules.ts'
import type { WebhookFigures } from '../webhooks/webhooks.ts'
import type { Scrubbed } from '../scrub/scrubber.ts'
import type { TrustLog } from '../trust/trust-log.ts'

/** Upper bounds of the latency buckets, ms. */
const BUCKETS_MS = [0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000]

class Histogram {
  readonly counts = new Uint32Array(BUCKETS_MS.length + 1)
  sumMs = 0
  count = 0

  observe(ms: number): void {
    let bucket = 0
    while (bucket < BUCKETS_MS.length && ms > (BUCKETS_MS[bucket] ?? 0)) bucket++
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1
    this.sumMs += ms
    this.count++
  }
}

/** What is counted of the feed of events. */
type EventFigures = Pick<EventFeed, 'followers' | 'paused' | 'lag' | 'given'>

/** What is counted of what a broker is told. */
type BrokerFigures = Pick<
  BrokerPublisher,
  'kind' | 'status' | 'lag' | 'unconfirmed' | 'published' | 'connections' | 'losses'
>

interface ShownDatabase {
  readonly state: DatabaseState
  readonly connections: number
}

/** What the tables were last held to, and the jobs that do it. */
interface ShownChecking {
  readonly agreement: {
    readonly last: { readonly differences: readonly string[] } | undefined
    readonly checks: number
  }
  readonly jobs: { readonly done: number; readonly failed: number }
}

/** Whose figures are shown besides its own. */
export interface Shown {
  readonly ledger: TallyLedger
  readonly version: string
  /** undefined: there is no proof log. */
  readonly trust: TrustLog | undefined
  readonly scrubbed: Scrubbed
  /** undefined: the ledger is alone. */
  readonly database: ShownDatabase | undefined
  readonly readModels: { readonly state: ReadModelsState } | undefined
  readonly checking: ShownChecking | undefined
  readonly events: EventFigures
  readonly rules: { readonly figures: RulesFigures }
  readonly webhooks: { figures(): WebhookFigures }
  readonly brokers: { readonly publishers: readonly BrokerFigures[] }
}

export class Metrics {
  readonly #latencies = new Map<OperationId, Histogram>(
    OPERATION_IDS.map((id) => [id, new Histogram()]),
  )
  readonly #statuses = new Map<OperationId, Uint32Array>(
    OPERATION_IDS.map((id) => [id, new Uint32Array(600)]),
  )
  readonly #started = Date.now()
  /** Writes given to the ledger that wait for their answer. */
  writesInFlight = 0
  bodyBytesInFlight = 0
  replays = 0
  connectionsRefused = 0
  /** Requests that are of no operation: unknown paths, malformed HTTP. */
  strays = 0

  observe(id: OperationId, status: number, ms: number): void {
    this.#latencies.get(id)?.observe(ms)
    const statuses = this.#statuses.get(id)
    if (statuses !== undefined) statuses[status] = (statuses[status] ?? 0) + 1
  }

  text({
    ledger,
    version,
    trust,
    scrubbed,
    database,
    readModels,
    events,
    brokers,
    webhooks,
    checking,
    rules: { figures: rules },
  }: Shown): string {
    return [
      ...this.#requests(),
      ...this.#durations(),
      ...this.#own(version),
      ...ledgerFigures(ledger),
      ...(trust === undefined ? [] : logFigures(trust, ledger.durableSequence)),
      ...scrubFigures(scrubbed),
      ...(database === undefined ? [] : databaseFigures(database)),
      ...(readModels === undefined ? [] : readModelFigures(readModels.state)),
      ...(checking === undefined ? [] : checkingFigures(checking)),
      ...eventFigures(events),
      ...ruleFigures(rules),
      ...webhookFigures(webhooks.figures()),
      ...brokerFigures(brokers.publishers),
      '',
    ].join('\n')
  }

  #requests(): string[] {
    const lines = head('tally_http_requests_total', 'counter', 'Requests by operation and status.')
    for (const [id, statuses] of this.#statuses) {
      statuses.forEach((count, status) => {
        if (count === 0) return
        lines.push(`tally_http_requests_total{operation="${id}",status="${status}"} ${count}`)
      })
    }
    return lines
  }

  #durations(): string[] {
    const name = 'tally_http_request_seconds'
    const lines = head(name, 'histogram', 'Time from the request’s headers to its answer.')
    for (const [id, { counts, count, sumMs }] of this.#latencies) {
      if (count === 0) continue
      let below = 0
      BUCKETS_MS.forEach((bound, index) => {
        below += counts[index] ?? 0
        lines.push(`${name}_bucket{operation="${id}",le="${bound / 1_000}"} ${below}`)
      })
      lines.push(`${name}_bucket{operation="${id}",le="+Inf"} ${count}`)
      lines.push(`${name}_sum{operation="${id}"} ${sumMs / 1_000}`)
      lines.push(`${name}_count{operation="${id}"} ${count}`)
    }
    return lines
  }

  #own(version: string): string[] {
    const memory = process.memoryUsage()
    return [
      ...head('tally_info', 'gauge', 'Version of the server.'),
      `tally_info{version="${version}"} 1`,
      ...gauge('tally_uptime_seconds', (Date.now() - this.#started) / 1_000, 'Since the start.'),
      ...gauge('tally_writes_in_flight', this.writesInFlight, 'Writes that wait for the ledger.'),
      ...gauge('tally_body_bytes_in_flight', this.bodyBytesInFlight, 'Bytes of bodies in memory.'),
      ...counter('tally_replays_total', this.replays, 'Answers given again.'),
      ...counter('tally_stray_requests_total', this.strays, 'Requests of no operation.'),
      ...gauge('process_resident_memory_bytes', memory.rss, 'Resident memory.'),
      ...gauge('process_heap_bytes', memory.heapUsed, 'JavaScript heap in use.'),
    ]
  }
}

function ledgerFigures(ledger: TallyLedger): string[] {
  const figures = ledger.metrics()
  return [
    ...gauge('tally_ledger_open', ledger.state === 'open' ? 1 : 0, 'Whether writes are taken.'),
    ...gauge('tally_ledger_accounts', figures.accounts, 'Accounts.'),
    ...counter('tally_ledger_events_total', figures.lastSequence, 'Decided events.'),
    ...counter('tally_ledger_durable_events_total', figures.durableSequence, 'Durable events.'),
    ...gauge('tally_ledger_queued_requests', figures.queuedRequests, 'Requests that wait.'),
    ...gauge('tally_ledger_queued_bytes', figures.queuedBytes, 'Bytes of them.'),
    ...counter('tally_ledger_groups_total', figures.groups, 'Groups written to the journal.'),
    ...counter('tally_ledger_groups_inline_total', figures.groupsInline, 'Of them inline.'),
    ...counter('tally_ledger_journal_bytes_total', figures.journalBytes, 'Bytes of the journal.'),
    ...gauge('tally_ledger_ids_in_memory', figures.idsInMemory, 'Ids not in a sealed run yet.'),
    ...counter('tally_ledger_snapshots_total', figures.snapshots, 'Snapshots made.'),
    ...gauge('tally_ledger_snapshot_sequence', figures.snapshotSequence, 'Of the newest one.'),
  ]
}

function logFigures(trust: TrustLog, durable: number): string[] {
  const { proofs, witnesses, publisher } = trust.options
  const outside = publisher.figures()
  const { size } = proofs.head
  const alarms = witnesses.states().filter(({ alarm }) => alarm !== undefined).length
  const stopped = proofs.failure === undefined ? 0 : 1
  return [
    ...counter('tally_log_hashed_events_total', size, 'Events in the tree of the proof log.'),
    ...counter('tally_log_signed_events_total', trust.newest?.size ?? 0, 'Events that are signed.'),
    ...gauge('tally_log_lag_events', durable - size, 'Durable events not in the tree yet.'),
    ...gauge('tally_log_stopped', stopped, 'Whether the proof log cannot go on.'),
    ...gauge(
      'tally_log_refused',
      trust.refusal === undefined ? 0 : 1,
      'Whether the signer refuses.',
    ),
    ...gauge('tally_log_witness_alarms', alarms, 'Witnesses that know another history.'),
    ...gauge('tally_log_outside_places', outside.places, 'Places that keep checkpoints.'),
    ...gauge('tally_log_outside_failing', outside.failing, 'Of them, whose last try failed.'),
    ...counter('tally_log_outside_events_total', outside.size, 'Events that all of them have.'),
  ]
}

function scrubFigures({ bytes, passes, passedAt, damage }: Scrubbed): string[] {
  const found = damage === undefined ? 0 : 1
  return [
    ...counter('tally_scrub_bytes_total', bytes, 'Bytes of the journal read in the background.'),
    ...counter('tally_scrub_passes_total', passes, 'Times that it was read to its end.'),
    ...gauge('tally_scrub_passed_timestamp_seconds', passedAt / 1_000, 'When it last was.'),
    ...gauge('tally_scrub_damage', found, 'Whether the last pass found damage.'),
  ]
}

function eventFigures({ followers, paused, lag, given }: EventFigures): string[] {
  return [
    ...gauge('tally_event_followers', followers, 'Who follows events at the moment.'),
    ...gauge('tally_event_followers_paused', paused, 'Of them, who do not take more.'),
    ...gauge('tally_event_lag', lag, 'Durable events not told yet to those at the end.'),
    ...counter('tally_events_given_total', given, 'Events given to followers.'),
  ]
}

function webhookFigures(figures: WebhookFigures): string[] {
  const { active, disabled, waiting, ageSeconds, outcomes } = figures
  const tries = 'tally_webhook_tries_total'
  return [
    ...head('tally_webhooks', 'gauge', 'Webhooks that are on, and off.'),
    `tally_webhooks{status="active"} ${active}`,
    `tally_webhooks{status="disabled"} ${disabled}`,
    ...gauge(
      'tally_webhook_waiting_events',
      waiting,
      'Deliveries that wait for those that are on.',
    ),
    ...gauge('tally_webhook_oldest_waiting_seconds', ageSeconds, 'How old the oldest of them is.'),
    ...head(tries, 'counter', 'Tries by how they ended.'),
    ...Object.entries(outcomes).map(
      ([outcome, count]) => `${tries}{outcome="${outcome}"} ${count}`,
    ),
  ]
}

function brokerFigures(brokers: readonly BrokerFigures[]): string[] {
  if (brokers.length === 0) return []
  const rows = (
    [name, type, about]: readonly [string, 'gauge' | 'counter', string],
    value: (broker: BrokerFigures) => number,
  ): string[] => [
    ...head(name, type, about),
    ...brokers.map((broker) => `${name}{broker="${broker.kind}"} ${value(broker)}`),
  ]
  return [
    ...rows(['tally_broker_connected', 'gauge', 'Whether it takes events.'], ({ status }) =>
      status === 'connected' ? 1 : 0,
    ),
    ...rows(
      ['tally_broker_lag_events', 'gauge', 'Durable events that are not known to have arrived.'],
      ({ lag }) => lag,
    ),
    ...rows(
      ['tally_broker_unconfirmed_events', 'gauge', 'Events on their way.'],
      ({ unconfirmed }) => unconfirmed,
    ),
    ...rows(
      ['tally_broker_published_total', 'counter', 'Events that it confirmed.'],
      ({ published }) => published,
    ),
    ...rows(
      ['tally_broker_connections_total', 'counter', 'Connections that were made.'],
      ({ connections }) => connections,
    ),
    ...rows(
      ['tally_broker_losses_total', 'counter', 'Connections that were lost.'],
      ({ losses }) => losses,
    ),
  ]
}

function databaseFigures({ state, connections }: ShownDatabase): string[] {
  const { status, losses } = state
  return [
    ...gauge('tally_database_ready', status === 'ready' ? 1 : 0, 'Whether PostgreSQL can be used.'),
    ...counter('tally_database_losses_total', losses, 'Times that PostgreSQL was lost.'),
    ...gauge('tally_database_connections', connections, 'Connections of the pool.'),
  ]
}

function readModelFigures(state: ReadModelsState): string[] {
  const { status, sequence, lagEvents, lagSeconds, failures } = state
  return [
    ...counter('tally_read_models_events_total', sequence, 'Events in the read models.'),
    ...gauge('tally_read_models_lag_events', lagEvents, 'Durable events that are not in them yet.'),
    ...gauge(
      'tally_read_models_lag_seconds',
      lagSeconds,
      'How old their newest event is beside the ledger’s.',
    ),
    ...gauge(
      'tally_read_models_rebuilding',
      status === 'rebuilding' ? 1 : 0,
      'Whether they are made from the journal, and not asked until they are whole.',
    ),
    ...counter(
      'tally_read_models_failures_total',
      failures,
      'Times that following failed; it goes on.',
    ),
  ]
}

function checkingFigures({ agreement, jobs }: ShownChecking): string[] {
  return [
    ...gauge(
      'tally_read_models_differences',
      agreement.last?.differences.length ?? 0,
      'Assets whose totals in the read models are not those of the ledger.',
    ),
    ...counter(
      'tally_read_models_checks_total',
      agreement.checks,
      'Times that they were compared.',
    ),
    ...counter('tally_jobs_done_total', jobs.done, 'Jobs that were done.'),
    ...counter('tally_jobs_failed_total', jobs.failed, 'Jobs that failed and are tried again.'),
  ]
}

function ruleFigures(figures: RulesFigures): string[] {
  const { rules, firings, evaluated, lagEvents, lagSeconds, waiting } = figures
  return [
    ...gauge('tally_rules', rules, 'Rules that there are.'),
    ...counter('tally_rules_firings_total', firings, 'Firings on record.'),
    ...counter('tally_rules_events_total', evaluated, 'Events evaluated since the start.'),
    ...gauge('tally_rules_lag_events', lagEvents, 'Durable events that are not evaluated yet.'),
    ...gauge(
      'tally_rules_lag_seconds',
      lagSeconds,
      'How old the newest evaluated event is beside the ledger’s.',
    ),
    ...gauge('tally_rules_firings_waiting', waiting, 'Firings that wait to be put on record.'),
    ...counter('tally_rules_frozen_total', figures.frozen, 'Accounts frozen since the start.'),
    ...counter(
      'tally_rules_not_frozen_total',
      figures.notFrozen,
      'Accounts that could not be, as when they were closed already.',
    ),
    ...counter('tally_rules_ticks_total', figures.ticks, 'Ticks written while nothing happened.'),
    ...counter(
      'tally_rules_failures_total',
      figures.failures,
      'Times that evaluation failed; it goes on.',
    ),
  ]
}

function head(name: string, type: 'counter' | 'gauge' | 'histogram', about: string): string[] {
  return [`# HELP ${name} ${about}`, `# TYPE ${name} ${type}`]
}

const gauge = (name: string, value: number, about: string): string[] => [
  ...head(name, 'gauge', about),
  `${name} ${value}`,
]

const counter = (name: string, value: number, about: string): string[] => [
  ...head(name, 'counter', about),
  `${name} ${value}`,
]
