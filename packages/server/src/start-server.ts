/** Opens the ledger and serves it: the composition root for `main.ts`, the command line and tests. */
import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'

import {
  bookDirectory,
  type Clock,
  type OpenProgress,
  openLedger,
  systemClock,
  type TallyLedger,
} from '@tallystick/engine'
import type { Disk } from '@tallystick/journal'
import { Database, type DatabaseSource, ownMigrations } from '@tallystick/postgres'
import { readModelMigrations, ReadModels } from '@tallystick/read-models'
import type { FastifyInstance } from 'fastify'

import { type AppPart, buildApp } from './app.ts'
import { CallRates } from './access/call-rates.ts'
import { type BrokerSource, Brokers } from './brokers/brokers.ts'
import { ClientAddresses, type ProxyHeader } from './access/client-addresses.ts'
import { Door } from './access/door.ts'
import { Issuers, type IssuerSetting } from './access/issuers.ts'
import { LastUsed } from './access/last-used.ts'
import { RefusalAudit } from './access/refusal-audit.ts'
import { WrongKeys } from './access/wrong-keys.ts'
import { BookEvent } from './events/book-event.ts'
import { EventFeed } from './events/event-feed.ts'
import { Cursors } from './http/cursors.ts'
import { SequenceTokens } from './http/sequence-token.ts'
import { KnownAccounts } from './known-accounts.ts'
import { checkingOf } from './checking.ts'
import { KnownAssets } from './known-assets.ts'
import {
  CALLS_PER_SECOND,
  CALLS_PER_SECOND_OF_KEY,
  CONNECTIONS_MAX,
  DRAIN_MS_MAX,
  LAST_ANSWERS_MS_MAX,
  WRONG_KEYS_PER_MINUTE,
} from './limits.ts'
import { BodyPool } from './http/body-pool.ts'
import { Metrics } from './metrics/metrics.ts'
import { PastLimits } from './past-limits.ts'
import { openPrivateStore } from './private/open-private-store.ts'
import type { PrivateStore } from './private/private-data.ts'
import { Backtests } from './rules/backtest.ts'
import { Rules } from './rules/rules.ts'
import { Scrubbed, Scrubber } from './scrub/scrubber.ts'
import type { Service } from './service.ts'
import { type Keys, openKeys } from './start/key-directory.ts'
import { errorFields, type Log, silentLog } from './start/log.ts'
import type { Listen } from './start/setting.ts'
import { AccountProofs } from './trust/account-proofs.ts'
import { openTrust } from './trust/open-trust.ts'
import type { Outside } from './trust/publish/outside.ts'
import { StatementPages } from './trust/statement-pages.ts'
import type { TrustLog } from './trust/trust-log.ts'
import type { WitnessAddress } from './trust/witness-client.ts'
import { VERSION } from './version.ts'
import { Webhooks } from './webhooks/webhooks.ts'
import { InFlight } from './write/in-flight.ts'

export interface ServerOptions {
  /** Where the journal lies. Default: in memory, gone with the process. */
  readonly data?: string
  /** What `data` lies on; default: the machine's own. For tests of faults. */
  readonly disk?: Disk
  /** Where the keys lie. Default: none; then `rootKey` has to be given. */
  readonly keys?: string
  readonly rootKey?: string
  /** Default: a free port of this machine. */
  readonly listen?: Listen
  /** Default: /metrics is served with all the rest. */
  readonly adminListen?: Listen | undefined
  readonly publicUrl?: string | undefined
  readonly allowCardNumbers?: boolean
  readonly maxConnections?: number
  /** Ranges of addresses whose word on who the client is counts; default: nobody's. */
  readonly trustedProxies?: readonly string[]
  /** Where they write it; default `x-forwarded-for`. */
  readonly proxyHeader?: ProxyHeader
  /** Of one principal that has no rate of its own. */
  readonly callsPerSecond?: number
  /** Of one key. */
  readonly callsPerSecondOfKey?: number
  /** From one address; 0: any number. */
  readonly wrongKeysPerMinute?: number
  /** Whose tokens say who somebody is; default: nobody's. */
  readonly oidcIssuers?: readonly IssuerSetting[]
  /** ms for which refused attempts are counted before they become events. For tests. */
  readonly auditEveryMs?: number
  /** Webhooks may go to private networks, and without TLS. */
  readonly webhooksAllowPrivate?: boolean
  /** ms before each try of a delivery. For tests. */
  readonly webhookScheduleMs?: readonly number[]
  /** Brokers that are told of events; default: none. */
  readonly brokers?: readonly BrokerSource[]
  /** Journal bytes between two snapshots; 0 = only when closing. */
  readonly snapshotEveryBytes?: number
  /** Keep a proof log, and sign it; default true. */
  readonly proofs?: boolean
  /** Name of the log. Default: made from the journal's id. */
  readonly logOrigin?: string | undefined
  /** File in which a follower says how far it has carried the journal: only that far checkpoints are published. */
  readonly shippedMarker?: string | undefined
  readonly witnesses?: readonly WitnessAddress[]
  /** Cosignatures that a checkpoint needs; default 0. */
  readonly witnessQuorum?: number
  /** Places outside that keep checkpoints; default: none. */
  readonly checkpointsTo?: readonly Outside[]
  /** ms between two to one place; default a minute. */
  readonly checkpointsEveryMs?: number
  /** PostgreSQL; default: none. The ledger neither waits for it nor fails with it. */
  readonly database?: DatabaseSource | undefined
  /** ms in which the whole journal is read once in the background; default: it is not. */
  readonly scrubPeriodMs?: number
  readonly log?: Log
  /** Default: the machine's. */
  readonly clock?: Clock
  readonly onProgress?: (progress: OpenProgress) => void
  /** The ledger stopped for good; the process has to end. */
  readonly onFatal?: (error: Error) => void
}

export interface RunningServer {
  /** Like `http://127.0.0.1:7411`. */
  readonly url: string
  readonly adminUrl: string | undefined
  readonly ledger: TallyLedger
  readonly rootKey: string
  /** Answers what is on its way, takes a snapshot, and closes. */
  close(): Promise<void>
  /** After `onFatal`: lets the last answers leave, which say that an outcome is unknown. Nothing is written any more. */
  abandon(): Promise<void>
}

const MEGABYTE = 1024 * 1024

export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const keys = keysOf(options)
  const opened = Promise.withResolvers<TrustLog | undefined>()
  // A book that is behind what was signed of it does not grow by statements that nobody asked for.
  const mayStateAlone = async (): Promise<boolean> => (await opened.promise)?.isBehind !== true
  const ledger = await openLedgerOf(options, mayStateAlone)
  try {
    const trust = await openTrustOf(ledger, options)
    opened.resolve(trust)
    const { data, disk, log = silentLog } = options
    const privacy = openPrivateStore({
      ...{ data, disk, keys: options.keys },
      onNote: (note) => log.warn(note),
    })
    const database = openDatabaseOf(ledger, options)
    const readModels = openReadModelsOf(ledger, database, options)
    const service = makeService({ ledger, trust, privacy, database, readModels }, keys, options)
    return await serve(service, keys, options)
  } catch (error) {
    await ledger.close()
    throw error
  }
}

function keysOf({
  keys,
  rootKey,
}: ServerOptions): Pick<Keys, 'rootKey' | 'cursorSecret' | 'webhookKey'> {
  if (keys !== undefined) return openKeys(keys, rootKey)
  if (rootKey === undefined) throw new Error('startServer needs a keys directory or a root key')
  const webhookKey = createHash('sha256').update(`webhooks ${rootKey}`).digest()
  return { rootKey, cursorSecret: Buffer.from(rootKey), webhookKey }
}

function openLedgerOf(
  options: ServerOptions,
  mayStateAlone: () => Promise<boolean>,
): Promise<TallyLedger> {
  const { data, log = silentLog, onProgress, onFatal, snapshotEveryBytes } = options
  const common = {
    ...{ proofs: options.proofs ?? true, mayStateAlone },
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    onNote: (note: string): void => log.warn(note),
    onFatal: (error: Error): void => {
      log.error('the ledger stopped: a restart recovers it', errorFields(error))
      onFatal?.(error)
    },
  }
  if (data === undefined) return openLedger({ ...common, memory: true })
  return openLedger({
    ...common,
    directory: data,
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(options.disk === undefined ? {} : { disk: options.disk }),
    snapshotEveryBytes: snapshotEveryBytes ?? 1024 * MEGABYTE,
  })
}

function openTrustOf(ledger: TallyLedger, options: ServerOptions): Promise<TrustLog | undefined> {
  const { proofs } = ledger
  if (proofs === undefined) return Promise.resolve(undefined)
  return openTrust(proofs, {
    ...{ keys: options.keys, origin: options.logOrigin, witnesses: options.witnesses ?? [] },
    ...{ quorum: options.witnessQuorum ?? 0, log: options.log ?? silentLog },
    shippedMarker: options.shippedMarker,
    outside: {
      places: options.checkpointsTo ?? [],
      everyMs: options.checkpointsEveryMs ?? 60_000,
    },
    durable: () => ledger.durableSequence,
  })
}

function openDatabaseOf(
  { journalId }: TallyLedger,
  { database, log = silentLog }: ServerOptions,
): Database | undefined {
  if (database === undefined) return undefined
  return Database.open({
    ...{ source: database, migrations: [ownMigrations(), readModelMigrations()], journalId },
    onNote: (level, note) => log[level](note),
  })
}

function openReadModelsOf(
  ledger: TallyLedger,
  database: Database | undefined,
  { data, log = silentLog }: ServerOptions,
): ReadModels | undefined {
  if (database === undefined || data === undefined) return undefined
  return ReadModels.open({
    ...{ database, ledger, bookDirectory: bookDirectory(data) },
    onNote: (note) => log.warn(note),
  })
}

function makeService(
  {
    ledger,
    trust,
    privacy,
    database,
    readModels,
  }: {
    readonly ledger: TallyLedger
    readonly trust: TrustLog | undefined
    readonly privacy: PrivateStore
    readonly database: Database | undefined
    readonly readModels: ReadModels | undefined
  },
  { rootKey, cursorSecret, webhookKey }: Pick<Keys, 'rootKey' | 'cursorSecret' | 'webhookKey'>,
  options: ServerOptions,
): Service {
  const { reader } = ledger
  const assets = new KnownAssets(reader)
  const accounts = new KnownAccounts(reader, assets)
  const limits = new PastLimits(reader, ledger.lastSequence)
  const accountProofs = trust && new AccountProofs({ ledger, trust, accounts, assets })
  const book = { reader, accounts, assets, limits, privacy, access: ledger.access }
  const source = `urn:tallystick:${Buffer.from(ledger.journalId).toString('hex')}`
  const feed = new EventFeed(ledger, new BookEvent(book, source))
  const webhooks = new Webhooks({
    ...{ data: options.data, feed, access: ledger.access, key: webhookKey },
    allowInside: options.webhooksAllowPrivate ?? false,
    onTrouble: (error) =>
      options.log?.error('a webhook has to wait for this server', errorFields(error)),
    ...(options.webhookScheduleMs === undefined ? {} : { scheduleMs: options.webhookScheduleMs }),
  })
  return {
    version: VERSION,
    ledger,
    accounts,
    assets,
    book,
    privacy,
    inFlight: new InFlight(),
    door: doorOf(ledger, rootKey, options),
    clients: new ClientAddresses(options.trustedProxies ?? [], options.proxyHeader),
    callRates: new CallRates(ledger.access, {
      principal: options.callsPerSecond ?? CALLS_PER_SECOND,
      key: options.callsPerSecondOfKey ?? CALLS_PER_SECOND_OF_KEY,
    }),
    wrongKeys: new WrongKeys(options.wrongKeysPerMinute ?? WRONG_KEYS_PER_MINUTE),
    refusals: refusalsOf(ledger, trust, options),
    tokens: new SequenceTokens(cursorSecret),
    cursors: new Cursors(cursorSecret),
    metrics: new Metrics(),
    bodies: new BodyPool(),
    ...{ events: feed, webhooks, ...rulesOf(ledger, options) },
    brokers: new Brokers({
      ...{ sources: options.brokers ?? [], data: options.data, ledger, feed },
      log: options.log ?? silentLog,
    }),
    trust,
    accountProofs,
    statementPages: trust && accountProofs && new StatementPages(accountProofs, trust),
    ...{ database, readModels },
    checking: checkingOf(ledger, assets, { database, readModels, log: options.log ?? silentLog }),
    scrubbed: new Scrubbed(),
    log: options.log ?? silentLog,
    allowCardNumbers: options.allowCardNumbers ?? false,
    publicUrl: options.publicUrl ?? '',
    hasAdminListener: options.adminListen !== undefined,
    draining: false,
  }
}

function rulesOf(
  ledger: TallyLedger,
  { data, clock = systemClock, log = silentLog }: ServerOptions,
): Pick<Service, 'rules' | 'backtests'> {
  const directory = data === undefined ? undefined : bookDirectory(data)
  const onNote = (note: string): void => log.warn(note)
  return {
    rules: new Rules({ ledger, bookDirectory: directory, clock, onNote }),
    backtests: new Backtests(ledger, directory),
  }
}

function doorOf({ access }: TallyLedger, rootKey: string, options: ServerOptions): Door {
  const { oidcIssuers = [], data, disk, log = silentLog } = options
  const issuers = new Issuers(oidcIssuers, (error) =>
    log.warn('the keys of an issuer could not be fetched', errorFields(error)),
  )
  const lastUsed = new LastUsed({
    data: disk === undefined ? data : undefined,
    onTrouble: (error) => log.warn('when keys were used is not written', errorFields(error)),
  })
  return new Door(access, rootKey, { issuers, lastUsed })
}

function refusalsOf(
  ledger: TallyLedger,
  trust: TrustLog | undefined,
  { auditEveryMs: everyMs, log = silentLog }: ServerOptions,
): RefusalAudit {
  return new RefusalAudit({
    ...{ ledger, everyMs },
    isOpen: () => ledger.state === 'open' && trust?.isBehind !== true,
    onTrouble: (error) => log.warn('refused attempts are noted later', errorFields(error)),
  })
}

async function serve(
  service: Service,
  { rootKey }: Pick<Keys, 'rootKey'>,
  options: ServerOptions,
): Promise<RunningServer> {
  const { listen = { host: '127.0.0.1', port: 0 }, adminListen } = options
  const connectionsMax = options.maxConnections ?? CONNECTIONS_MAX
  const apps: FastifyInstance[] = []
  const open = async (part: AppPart, where: Listen): Promise<string> => {
    const app = buildApp(service, part, connectionsMax)
    apps.push(app)
    await app.listen(where)
    return urlOf(app)
  }
  try {
    const url = await open(adminListen === undefined ? 'all' : 'public', listen)
    const adminUrl = adminListen === undefined ? undefined : await open('admin', adminListen)
    service.webhooks.start(service.ledger.durableSequence)
    service.rules.start()
    service.brokers.start()
    let closing: Promise<void> | undefined
    const scrubber = scrubberOf(service, options)
    const close = (): Promise<void> => (closing ??= drain(service, apps, scrubber))
    const abandon = (): Promise<void> => sendLast(service, apps)
    return { url, adminUrl, rootKey, ledger: service.ledger, close, abandon }
  } catch (error) {
    await Promise.all(apps.map((app) => app.close()))
    await closeJobs(service)
    await closeDatabase(service)
    throw error
  }
}

function scrubberOf(service: Service, options: ServerOptions): Scrubber | undefined {
  const { data, scrubPeriodMs: periodMs = 0, disk, log = silentLog } = options
  if (data === undefined || periodMs === 0 || disk !== undefined) return undefined
  return new Scrubber(
    { directory: data, book: bookDirectory(data), shard: 0, periodMs },
    service.scrubbed,
    log,
  )
}

function urlOf(app: FastifyInstance): string {
  const { address, family, port } = app.server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

/** Takes no new connections, answers what is on its way, then closes the ledger. */
async function drain(
  service: Service,
  apps: readonly FastifyInstance[],
  scrubber: Scrubber | undefined,
): Promise<void> {
  const late = (): void =>
    service.log.warn('requests were still open when the time to stop was over')
  await closeConnections(service, apps, { ms: DRAIN_MS_MAX, late })
  await scrubber?.close()
  await Promise.all([service.rules.close(), service.backtests.close()])
  await closeJobs(service)
  await service.refusals.flush()
  await service.door.lastUsed.save()
  await service.ledger.close()
  await closeDatabase(service)
  service.privacy.close()
}

/** Before the ledger closes: a job may have something to tell it. */
async function closeJobs({ checking }: Service): Promise<void> {
  checking?.agreement.close()
  await checking?.jobs.close()
}

async function closeDatabase({ readModels, database }: Service): Promise<void> {
  await readModels?.close()
  await database?.close()
}

/** Every request that waited for the ledger has its answer by now; a client that is slow to send or read is not waited for. */
async function sendLast(service: Service, apps: readonly FastifyInstance[]): Promise<void> {
  await closeConnections(service, apps, { ms: LAST_ANSWERS_MS_MAX, late: () => {} })
}

async function closeConnections(
  service: Service,
  apps: readonly FastifyInstance[],
  patience: { readonly ms: number; readonly late: () => void },
): Promise<void> {
  service.draining = true
  service.trust?.close()
  service.webhooks.close()
  await service.brokers.close()
  service.events.close()
  const timer = setTimeout(() => {
    patience.late()
    for (const app of apps) app.server.closeAllConnections()
  }, patience.ms)
  await Promise.all(apps.map((app) => app.close()))
  clearTimeout(timer)
}
