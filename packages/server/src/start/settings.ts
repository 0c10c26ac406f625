/** Every setting of the server: flag, environment, default and meaning. `--help` is written from this table. */
import { PROXY_HEADERS, type ProxyHeader } from '../access/client-addresses.ts'
import type { IssuerSetting } from '../access/issuers.ts'
import {
  CALLS_PER_SECOND,
  CALLS_PER_SECOND_OF_KEY,
  CONNECTIONS_MAX,
  WRONG_KEYS_PER_MINUTE,
} from '../limits.ts'
import type { RabbitQueue } from '../brokers/rabbitmq/rabbitmq.ts'
import { type Outside, outsideOf } from '../trust/publish/outside.ts'
import type { WitnessAddress } from '../trust/witness-client.ts'
import {
  parseAmqpName,
  parseAmqpQueues,
  parseAmqpUrl,
  parseEventTypes,
  parsePlace,
  QUEUE_TYPES,
  type QueueType,
} from './broker-settings.ts'
import {
  parseChoice,
  parseDatabaseUrl,
  parseIssuers,
  parseListen,
  parseOrigin,
  parseOptionalListen,
  parseRanges,
  parseSwitch,
  parseText,
  parseUrl,
  parseWhole,
  parseWitnesses,
  type Setting,
  setting,
  StartRefused,
} from './setting.ts'

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const DATABASE_CHOICES = ['embedded', 'off'] as const
export type DatabaseChoice = (typeof DATABASE_CHOICES)[number]

export const SETTINGS = {
  data: setting({
    ...{ flag: 'data', env: 'TALLY_DATA', value: 'DIRECTORY', fallback: './data' },
    about: 'Where the journal and its snapshots lie. One process at a time.',
    parse: parseText,
  }),
  keys: setting({
    ...{ flag: 'keys', env: 'TALLY_KEYS', value: 'DIRECTORY', fallback: './keys' },
    about: 'Where the root key lies, outside of the data so that no backup holds it.',
    parse: parseText,
  }),
  listen: setting({
    ...{ flag: 'listen', env: 'TALLY_LISTEN', value: 'HOST:PORT' },
    fallback: { host: '127.0.0.1', port: 7411 },
    about: 'Where to listen. By default only this machine can connect.',
    parse: parseListen,
  }),
  adminListen: setting({
    ...{ flag: 'admin-listen', env: 'TALLY_ADMIN_LISTEN', value: 'HOST:PORT' },
    fallback: undefined,
    about: 'Where /metrics is served in place of the first listener. Default: on the first.',
    parse: parseOptionalListen,
  }),
  rootKey: setting<string | undefined>({
    ...{ flag: undefined, env: 'TALLY_ROOT_KEY', value: 'KEY', fallback: undefined },
    about:
      'The root key itself, tk_root_ and at least 128 random bits. Default: made at first start.',
    parse: parseText,
  }),
  publicUrl: setting<string | undefined>({
    ...{ flag: 'public-url', env: 'TALLY_PUBLIC_URL', value: 'URL', fallback: undefined },
    about: 'How clients reach the server, for links in answers. Default: links without a host.',
    parse: parseUrl,
  }),
  logLevel: setting<LogLevel>({
    ...{ flag: 'log-level', env: 'TALLY_LOG_LEVEL', value: 'LEVEL', fallback: 'info' },
    about: `How much is logged to standard error: ${LOG_LEVELS.join(', ')}.`,
    parse: parseChoice(LOG_LEVELS),
  }),
  maxConnections: setting({
    ...{ flag: 'max-connections', env: 'TALLY_MAX_CONNECTIONS', value: 'NUMBER' },
    fallback: CONNECTIONS_MAX,
    about: 'Connections at one time.',
    parse: parseWhole(1, 1_000_000),
  }),
  trustedProxies: setting<readonly string[]>({
    ...{ flag: 'trusted-proxies', env: 'TALLY_TRUSTED_PROXIES', value: 'RANGE,…', fallback: [] },
    about:
      'Addresses of proxies, like 10.0.0.0/8, whose word on who the client is counts. Default: nobody’s.',
    parse: parseRanges,
  }),
  proxyHeader: setting<ProxyHeader>({
    ...{ flag: 'proxy-header', env: 'TALLY_PROXY_HEADER', value: 'NAME' },
    fallback: 'x-forwarded-for',
    about: `Where they write it: ${PROXY_HEADERS.join(' or ')}. The other one is ignored.`,
    parse: parseChoice(PROXY_HEADERS),
  }),
  callsPerSecond: setting({
    ...{ flag: 'calls-per-second', env: 'TALLY_CALLS_PER_SECOND', value: 'NUMBER' },
    fallback: CALLS_PER_SECOND,
    about: 'Calls of one principal that has no rate of its own; above it 429.',
    parse: parseWhole(1, 1_000_000),
  }),
  callsPerSecondOfKey: setting({
    ...{ flag: 'calls-per-second-of-key', env: 'TALLY_CALLS_PER_SECOND_OF_KEY', value: 'NUMBER' },
    fallback: CALLS_PER_SECOND_OF_KEY,
    about: 'Calls of one key, whatever its principal may.',
    parse: parseWhole(1, 1_000_000),
  }),
  wrongKeysPerMinute: setting({
    ...{ flag: 'wrong-keys-per-minute', env: 'TALLY_WRONG_KEYS_PER_MINUTE', value: 'NUMBER' },
    fallback: WRONG_KEYS_PER_MINUTE,
    about:
      'Wrong keys from one address, answered later and later, before it gets 429; 0: any number.',
    parse: parseWhole(0, 1_000_000),
  }),
  oidcIssuers: setting<readonly IssuerSetting[]>({
    ...{
      flag: 'oidc-issuers',
      env: 'TALLY_OIDC_ISSUERS',
      value: 'ISSUER=AUDIENCE,…',
      fallback: [],
    },
    about:
      'OIDC issuers whose tokens say who somebody is, and the audience that their tokens for this server have.',
    parse: parseIssuers,
  }),
  snapshotMegabytes: setting({
    ...{ flag: 'snapshot-megabytes', env: 'TALLY_SNAPSHOT_MEGABYTES', value: 'NUMBER' },
    fallback: 1_024,
    about: 'Megabytes of journal between two snapshots; 0: only when stopping.',
    parse: parseWhole(0, 1_000_000),
  }),
  database: setting<DatabaseChoice>({
    ...{ flag: 'database', env: 'TALLY_DATABASE', value: 'embedded|off', fallback: 'embedded' },
    about: 'PostgreSQL: started beside the data, or none, for the ledger alone.',
    parse: parseChoice(DATABASE_CHOICES),
  }),
  databaseUrl: setting<string | undefined>({
    ...{ flag: 'database-url', env: 'TALLY_DATABASE_URL', value: 'URL', fallback: undefined },
    about:
      'A PostgreSQL of your own, 15 or newer, in place of that: postgres://user:password@host/database.',
    parse: parseDatabaseUrl,
  }),
  proofs: setting({
    ...{ flag: 'proofs', env: 'TALLY_PROOFS', value: 'true|false', fallback: true },
    about: 'Keep a proof log of all events, sign checkpoints, give receipts.',
    parse: parseSwitch,
  }),
  logOrigin: setting<string | undefined>({
    ...{ flag: 'log-origin', env: 'TALLY_LOG_ORIGIN', value: 'NAME', fallback: undefined },
    about:
      'Name of the proof log, like ledger.example/log. It cannot be changed later. Default: made from the journal.',
    parse: parseOrigin,
  }),
  witnesses: setting<readonly WitnessAddress[]>({
    ...{ flag: 'witnesses', env: 'TALLY_WITNESSES', value: 'VKEY=URL,…', fallback: [] },
    about: 'Witnesses that are asked to cosign checkpoints, as `tally witness` shows them.',
    parse: parseWitnesses,
  }),
  witnessQuorum: setting({
    ...{ flag: 'witness-quorum', env: 'TALLY_WITNESS_QUORUM', value: 'NUMBER', fallback: 0 },
    about: 'Cosignatures that a checkpoint needs before it is given out.',
    parse: parseWhole(0, 100),
  }),
  checkpointsTo: setting<readonly Outside[]>({
    ...{ flag: 'checkpoints-to', env: 'TALLY_CHECKPOINTS_TO', value: 'PLACE,…', fallback: [] },
    about:
      'Keep checkpoints outside, too: FILE (a line each), DIRECTORY/ or s3://BUCKET/PREFIX (an object each), https://… (a POST each).',
    parse: parseOutsides,
  }),
  checkpointsEvery: setting({
    ...{
      flag: 'checkpoints-every',
      env: 'TALLY_CHECKPOINTS_EVERY',
      value: 'SECONDS',
      fallback: 60,
    },
    about: 'Seconds between two checkpoints to one of these places, while there is news.',
    parse: parseWhole(1, 86_400),
  }),
  shippedMarker: setting<string | undefined>({
    ...{ flag: 'shipped-marker', env: 'TALLY_SHIPPED_MARKER', value: 'FILE', fallback: undefined },
    about:
      'Publish a checkpoint only once its events are in the backup: `tally backup --follow --marker FILE` says how far it has come.',
    parse: parseText,
  }),
  scrubDays: setting({
    ...{ flag: 'scrub-days', env: 'TALLY_SCRUB_DAYS', value: 'NUMBER', fallback: 7 },
    about: 'Days in which the whole journal is read once in the background; 0: never.',
    parse: parseWhole(0, 24),
  }),
  webhooksAllowPrivate: setting({
    ...{ flag: 'webhooks-allow-private', env: 'TALLY_WEBHOOKS_ALLOW_PRIVATE', value: '' },
    fallback: false,
    about:
      'Webhooks may go to private networks and to http://. Default: only to https:// on the internet.',
    parse: parseSwitch,
  }),
  amqpUrl: setting<string | undefined>({
    ...{ flag: 'amqp-url', env: 'TALLY_AMQP_URL', value: 'URL', fallback: undefined },
    about: 'RabbitMQ that is told of events: amqp://user:password@host/vhost, or amqps://.',
    parse: parseAmqpUrl,
  }),
  amqpExchange: setting({
    ...{ flag: 'amqp-exchange', env: 'TALLY_AMQP_EXCHANGE', value: 'NAME', fallback: 'tallystick' },
    about: 'Its durable topic exchange, declared if it is not there.',
    parse: parseAmqpName,
  }),
  amqpQueues: setting<readonly RabbitQueue[]>({
    ...{ flag: 'amqp-queues', env: 'TALLY_AMQP_QUEUES', value: 'NAME=PATTERN,…', fallback: [] },
    about:
      'Durable queues to declare, each with a pattern of routing keys, like shop=transfer.#; a name may come several times.',
    parse: parseAmqpQueues,
  }),
  amqpQueueType: setting<QueueType>({
    ...{ flag: 'amqp-queue-type', env: 'TALLY_AMQP_QUEUE_TYPE', value: 'quorum|classic' },
    fallback: 'quorum',
    about: 'What kind of queue they are.',
    parse: parseChoice(QUEUE_TYPES),
  }),
  amqpTypes: setting<string | undefined>({
    ...{ flag: 'amqp-types', env: 'TALLY_AMQP_TYPES', value: 'TYPE,…', fallback: undefined },
    about:
      'Types of events that it is told, like transfer.*,hold.*. Default: all but command.refused.',
    parse: parseEventTypes,
  }),
  amqpPrefix: setting<string | undefined>({
    ...{ flag: 'amqp-prefix', env: 'TALLY_AMQP_PREFIX', value: 'PREFIX', fallback: undefined },
    about: 'Only events of accounts under these leading segments.',
    parse: parseText,
  }),
  amqpAfter: setting<number | undefined>({
    ...{ flag: 'amqp-after', env: 'TALLY_AMQP_AFTER', value: 'EVENT', fallback: undefined },
    about:
      'At the first start with this exchange, begin behind this event; 0: with the first one of the ledger. Default: with what comes from then on.',
    parse: parsePlace,
  }),
  allowCardNumbers: setting({
    ...{ flag: 'allow-card-numbers', env: 'TALLY_ALLOW_CARD_NUMBERS', value: '', fallback: false },
    about: 'Keep metadata that looks like the number of a payment card.',
    parse: parseSwitch,
  }),
} as const

type Table = typeof SETTINGS
export type Settings = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer Value> ? Value : never
}

function parseOutsides(text: string, name: string): Outside[] {
  return text.split(',').map((each) => outsideOf(each.trim(), name))
}

/** Settings of other programs of the project, which the same environment may hold. */
const FOREIGN = new Set([
  ...['TALLY_URL', 'TALLY_KEY', 'TALLY_STATE', 'TALLY_BANK_DATA'],
  ...['TALLY_TEST_SEED', 'TALLY_TEST_KILLS'],
])

export interface CommandLine {
  readonly settings: Settings
  /** What to do in place of starting. */
  readonly asks: 'help' | 'version' | undefined
}

/** Flags win over the environment. @throws StartRefused */
export function readSettings(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): CommandLine {
  const asks = askedInstead(args)
  const flags = asks === undefined ? readFlags(args) : new Map<string, string>()
  if (asks === undefined) refuseUnknownEnvironment(env)
  const values: Record<string, unknown> = {}
  for (const [name, row] of Object.entries<Setting<unknown>>(SETTINGS)) {
    const flag = row.flag === undefined ? undefined : flags.get(row.flag)
    const text = env[row.env]
    if (flag !== undefined) values[name] = row.parse(flag, `--${row.flag ?? ''}`)
    else if (text !== undefined && asks === undefined) values[name] = row.parse(text, row.env)
    else values[name] = row.fallback
  }
  return { settings: values as Settings, asks }
}

function askedInstead(args: readonly string[]): 'help' | 'version' | undefined {
  if (args.includes('--help') || args.includes('-h')) return 'help'
  return args.includes('--version') ? 'version' : undefined
}

function readFlags(args: readonly string[]): Map<string, string> {
  const flags = new Map<string, string>()
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? ''
    const [, name = '', inline] = /^--([a-z-]+)(?:=(.*))?$/s.exec(arg) ?? []
    const row = Object.values<Setting<unknown>>(SETTINGS).find(({ flag }) => flag === name)
    if (row === undefined) throw new StartRefused(unknownFlag(arg))
    if (flags.has(name)) throw new StartRefused(`--${name} is given twice: leave one of them out.`)
    const value = inline ?? (row.value === '' ? 'true' : args[++at])
    if (value === undefined) {
      throw new StartRefused(`--${name} needs a value: --${name} ${row.value}.`)
    }
    flags.set(name, value)
  }
  return flags
}

function unknownFlag(arg: string): string {
  const known = Object.values<Setting<unknown>>(SETTINGS).flatMap(({ flag }) =>
    flag === undefined ? [] : [`--${flag}`],
  )
  return `${arg} is not a setting${didYouMean(arg.split('=')[0] ?? arg, known)} --help lists them all.`
}

function refuseUnknownEnvironment(env: Readonly<Record<string, string | undefined>>): void {
  const known = Object.values<Setting<unknown>>(SETTINGS).map((row) => row.env)
  for (const name of Object.keys(env)) {
    if (!name.startsWith('TALLY_') || known.includes(name) || FOREIGN.has(name)) continue
    throw new StartRefused(
      `${name} in the environment is not a setting${didYouMean(name, known)} --help lists them all.`,
    )
  }
}

/** The end of a sentence. */
function didYouMean(given: string, known: readonly string[]): string {
  const near = known
    .map((name) => ({ name, steps: distance(given, name) }))
    .sort((a, b) => a.steps - b.steps)[0]
  return near !== undefined && near.steps <= 3 ? `; did you mean ${near.name}?` : '.'
}

/** Levenshtein's: letters to add, drop or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
