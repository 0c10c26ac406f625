/** The words of the wire: amounts, ids, addresses, assets, times and the other texts that every resource is made of. */
import { type Static, Type } from 'typebox'
import {
  CODE_MAX,
  CURSOR_LENGTH_MAX,
  METADATA_BYTES_MAX,
  PRIVATE_BYTES_MAX,
  PAGE_ROWS_DEFAULT,
  PAGE_ROWS_MAX,
  REFERENCE_LENGTH_MAX,
  TIMEOUT_SECONDS_MAX,
} from './limits.ts'

export const Amount = Type.String({
  title: 'Amount',
  description:
    'Integer minor units of an asset as text: `"1050"` of `EUR/2` is 10.50 euro. From 0 to 2^128 − 1; no sign, no leading zero, no exponent.',
  pattern: '^(0|[1-9][0-9]{0,38})$',
  examples: ['2500'],
})

export const SignedAmount = Type.String({
  title: 'SignedAmount',
  description: 'Integer minor units as text, with a minus sign when below zero.',
  pattern: '^(0|-?[1-9][0-9]{0,38})$',
  examples: ['-10000'],
})

export const Count = Type.String({
  title: 'Count',
  description: 'A whole number as text, since it may pass 2^53.',
  pattern: '^(0|[1-9][0-9]{0,19})$',
  examples: ['3'],
})

export const Id = Type.String({
  title: 'Id',
  description:
    '128 bits as lower-case UUID text. Ids that begin with the time (UUIDv7) are the default and cost least.',
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  examples: ['019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07'],
})

export const RequestId = Type.String({
  title: 'RequestId',
  description: 'Names a request: `req_` and 26 characters of Crockford base32 (upper case).',
  pattern: '^req_[0-7][0-9A-HJKMNP-TV-Z]{25}$',
  examples: ['req_01KAHWAZ9EFH0SP3HZD99DG701'],
})

export const Address = Type.String({
  title: 'Address',
  description:
    'Name of an account: ASCII segments joined by `:`. Upper and lower case differ. `world` stands for the world account of the asset, like `world:EUR-2`.',
  pattern: '^(?!\\.{1,2}$)[A-Za-z0-9_.-]{1,64}(:[A-Za-z0-9_.-]{1,64}){0,15}$',
  maxLength: 255,
  examples: ['users:1042:wallet'],
})

export const AddressPrefix = Type.String({
  title: 'AddressPrefix',
  description:
    'Whole leading segments of addresses: `users:1042` also finds `users:1042:wallet`; empty: all.',
  pattern: '^([A-Za-z0-9_.-]{1,64}(:[A-Za-z0-9_.-]{1,64}){0,15}:?)?$',
  maxLength: 255,
  examples: ['users:1042'],
})

export const AssetText = Type.String({
  title: 'AssetText',
  description:
    'Code, slash, number of decimals: `EUR/2` counts cents, `JPY/0` yen. ISO 4217 is built in, others are registered.',
  pattern: '^[A-Z][A-Z0-9_]{0,16}/([0-9]|[12][0-9]|30)$',
  examples: ['EUR/2'],
})

const TIME_PATTERN =
  '^(19[7-9][0-9]|2[0-5][0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?Z$'

export const Time = Type.String({
  title: 'Time',
  description:
    'RFC 3339 in UTC with up to nine decimals, from 1970 to 2554. Answers always have nine.',
  pattern: TIME_PATTERN,
  examples: ['2026-11-21T09:00:00.123456789Z'],
})

export const Code = Type.Integer({
  title: 'Code',
  description: 'What kind of account or transfer this is, in your own numbering. From 1 to 65,535.',
  minimum: 1,
  maximum: CODE_MAX,
  examples: [10],
})

export const CodeOrDefault = Type.Integer({
  description: 'What kind of transfer this is, in your own numbering.',
  minimum: 1,
  maximum: CODE_MAX,
  default: 1,
  examples: [10],
})

export const TimeoutSeconds = Type.Integer({
  description: 'Seconds of ledger time after which the hold is released by itself; 0 = never.',
  minimum: 0,
  maximum: TIMEOUT_SECONDS_MAX,
  default: 0,
  examples: [600],
})

export const Reference = Type.String({
  title: 'Reference',
  description:
    'Your own name for what you ask for; unique per owner and kind. Asking twice with one reference does it once.',
  pattern: `^[\\x20-\\x7e]{1,${REFERENCE_LENGTH_MAX}}$`,
  examples: ['order-18'],
})

export const Metadata = Type.Unsafe<Record<string, unknown>>({
  title: 'Metadata',
  type: 'object',
  description: `Any JSON object, kept as it is and never looked into; at most ${METADATA_BYTES_MAX} bytes. For what must be forgettable there is \`private\`, beside it; a field of that name is refused here.`,
  propertyNames: { not: { enum: ['private', '__proto__', 'constructor', 'prototype'] } },
  additionalProperties: true,
  examples: [{ cart: 'c-7' }],
})

export const Subject = Type.String({
  title: 'Subject',
  description:
    'Your own name for the person that private data is about: an id, never a name or an address that says who it is.',
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.:@-]{0,127}$',
  examples: ['customer-17'],
})

export const PrivateData = Type.Object(
  {
    subject: Subject,
    data: Type.Unsafe<Record<string, unknown>>({
      type: 'object',
      description: 'Any JSON object.',
      propertyNames: { not: { enum: ['__proto__', 'constructor', 'prototype'] } },
      additionalProperties: true,
    }),
  },
  {
    title: 'PrivateData',
    additionalProperties: false,
    description: `Personal data, kept outside of the log and encrypted under a key of its subject; at most ${PRIVATE_BYTES_MAX} bytes. The log has only an HMAC under that key. Erasing the subject makes it unreadable everywhere, in backups too.`,
    examples: [{ subject: 'customer-17', data: { name: 'Ada Lovelace' } }],
  },
)
export type PrivateData = Static<typeof PrivateData>

export const ShownPrivate = Type.Union(
  [
    PrivateData,
    Type.Enum(['erased', 'missing'], {
      description: '`erased`: its subject was. `missing`: the file that should hold it does not.',
    }),
  ],
  { title: 'ShownPrivate' },
)
export type ShownPrivate = Static<typeof ShownPrivate>

export const OpenMissing = Type.Boolean({
  description: 'Open accounts that do not exist yet, without flags and limits, in the same step.',
  default: false,
})

export const Mode = Type.Enum(['exact', 'up_to'], {
  title: 'Mode',
  description:
    '`exact` moves the amount or refuses. `up_to` takes the amount as an upper bound and moves what the account that gives (for increments: the one that receives) allows, be it nothing.',
  default: 'exact',
})

export const EffectiveAt = Type.String({
  pattern: TIME_PATTERN,
  description:
    'Value date, for what happened earlier; default: the moment of the transfer. Limits follow the order of the ledger all the same.',
  examples: ['2026-11-15T00:00:00Z'],
})

export const Sequence = Type.String({
  title: 'Sequence',
  description: 'Place in the log: whole, gap-free, in the order in which everything was decided.',
  pattern: '^(0|[1-9][0-9]{0,19})$',
  examples: ['3'],
})

export const Cursor = Type.String({
  description:
    'The `next_cursor` of the page before. It carries that list’s filters and is signed.',
  minLength: 1,
  maxLength: CURSOR_LENGTH_MAX,
  pattern: '^[A-Za-z0-9_.-]+$',
})

export const PageLimit = Type.Integer({
  description: 'Rows of one page.',
  minimum: 1,
  maximum: PAGE_ROWS_MAX,
  default: PAGE_ROWS_DEFAULT,
})

/** What a dry run adds to an answer that is otherwise the same. */
export const DryRun = Type.Literal(true, {
  description:
    'Nothing was recorded: `sequence` is the newest one that the run saw, `timestamp` what it would have been.',
})
