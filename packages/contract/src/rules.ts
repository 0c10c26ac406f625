/** Rules: what watches the accounts, in which version, what it did, and what it would have done. */
import { type Static, Type } from 'typebox'
import { AddressPattern, PrincipalName } from './access.ts'
import {
  Address,
  Amount,
  AssetText,
  Count,
  Cursor,
  DryRun,
  Id,
  PageLimit,
  Sequence,
  SignedAmount,
  Time,
} from './scalars.ts'
import { noted, nullable, page, strict } from './schema.ts'

export const RuleId = Type.String({
  title: 'RuleId',
  description: 'Name of a rule. All callers share the names.',
  pattern: '^[a-z0-9][a-z0-9._-]{0,63}$',
  examples: ['low-wallets'],
})

const Direction = Type.Enum(['debit', 'credit', 'both'], {
  title: 'RuleDirection',
  description: 'What the account gives, what it gets, or both.',
})
const WindowSeconds = Type.Integer({
  title: 'WindowSeconds',
  description: 'Length of the window, which slides in steps of 1/30. At most 90 days.',
  minimum: 60,
  maximum: 7_776_000,
  examples: [3_600],
})

export const RuleWhen = Type.Union(
  [
    strict(
      {
        kind: Type.Literal('balance'),
        of: Type.Enum(['balance', 'available'], {
          description: 'What was posted, or what may still be used.',
        }),
        is: Type.Enum(['below', 'above']),
        threshold: SignedAmount,
        rearm: Type.Optional(
          noted(SignedAmount, {
            description: 'It fires again only after it came back to this. Default: the threshold.',
          }),
        ),
      },
      { title: 'BalanceRule' },
    ),
    strict(
      {
        kind: Type.Literal('running_out'),
        within_days: Type.Integer({ minimum: 1, maximum: 365 }),
        over_days: Type.Integer({
          description: 'The rate is what went out in so many days.',
          minimum: 1,
          maximum: 90,
        }),
      },
      { title: 'RunningOutRule' },
    ),
    strict(
      {
        kind: Type.Literal('hold_deadline'),
        before_seconds: Type.Integer({ minimum: 1, maximum: 31_536_000 }),
      },
      { title: 'HoldDeadlineRule' },
    ),
    strict(
      {
        kind: Type.Literal('velocity'),
        measure: Type.Enum(['count', 'sum', 'counterparties'], {
          description: 'Of transfers and holds; captures of holds do not count again.',
        }),
        direction: Direction,
        over_seconds: WindowSeconds,
        above: noted(Amount, { description: 'Of counterparties at most 1,000.' }),
      },
      { title: 'VelocityRule' },
    ),
    strict(
      {
        kind: Type.Literal('new_counterparty'),
        direction: Direction,
        amount_from: Amount,
        over_seconds: noted(WindowSeconds, {
          description: 'Whom the account dealt with in this time is not new.',
        }),
        learn_seconds: Type.Optional(
          Type.Integer({
            description: 'So long after it was put it only learns who is known.',
            minimum: 0,
            maximum: 7_776_000,
            default: 0,
          }),
        ),
      },
      { title: 'NewCounterpartyRule' },
    ),
    strict(
      {
        kind: Type.Literal('limit_used'),
        of: Type.Enum(['account', 'subtree'], { description: 'Which of its two limits.' }),
        percent: Type.Integer({ minimum: 1, maximum: 100 }),
        rearm_percent: Type.Optional(
          Type.Integer({ description: 'Default: `percent`.', minimum: 0, maximum: 100 }),
        ),
      },
      { title: 'LimitUsedRule' },
    ),
  ],
  { title: 'RuleWhen', discriminator: { propertyName: 'kind' } },
)
export type RuleWhen = Static<typeof RuleWhen>

const RuleKind = Type.Enum(
  [
    ...['balance', 'running_out', 'hold_deadline', 'velocity', 'new_counterparty', 'limit_used'],
  ] as const,
  { title: 'RuleKind' },
)

const Description = Type.String({
  description: 'For people; printable ASCII.',
  pattern: '^[ -~]*$',
  maxLength: 200,
  examples: ['Wallets of partners that run low'],
})
const Addresses = Type.Array(AddressPattern, {
  description: 'Which accounts it watches.',
  minItems: 1,
  maxItems: 16,
  uniqueItems: true,
})
const Asset = nullable(AssetText, {
  description: 'Accounts of this asset alone; null: of any, for rules that know no amounts.',
})

export const PutRule = strict(
  {
    description: Type.Optional(Description),
    enabled: Type.Optional(Type.Boolean({ description: 'Whether it is at work.', default: true })),
    addresses: Addresses,
    asset: Type.Optional(Asset),
    action: Type.Optional(
      Type.Enum(['event', 'freeze', 'demand_approval'], {
        description:
          '`event`: it is told, also to webhooks. `freeze`: besides, a hold closes the account until somebody voids it. `demand_approval` is refused: rules do not know approvals yet.',
        default: 'event',
      }),
    ),
    when: RuleWhen,
  },
  { title: 'PutRule' },
)
export type PutRule = Static<typeof PutRule>

export const Rule = strict(
  {
    object: Type.Literal('rule'),
    id: RuleId,
    version: Type.Integer({ minimum: 1 }),
    owner: noted(Type.Union([PrincipalName, Type.Literal('root')]), {
      description: 'Who put this version.',
    }),
    description: Description,
    enabled: Type.Boolean(),
    addresses: Addresses,
    asset: Asset,
    action: Type.Enum(['event', 'freeze']),
    when: RuleWhen,
    put_at: noted(Time, { description: 'It watches what came after.' }),
    firings: Type.Optional(noted(Count, { description: 'Of all its versions, so far.' })),
    suppressed: Type.Optional(
      noted(Count, {
        description: 'Firings beyond 1,000 in an hour since the last that was recorded.',
      }),
    ),
    forgotten: Type.Optional(
      noted(Count, {
        description: 'Accounts whose window it had to forget: it remembers 100,000.',
      }),
    ),
    dry_run: Type.Optional(DryRun),
  },
  { title: 'Rule' },
)
export type Rule = Static<typeof Rule>

export const RemovedRule = strict(
  {
    object: Type.Literal('rule'),
    id: RuleId,
    removed: Type.Literal(true),
    dry_run: Type.Optional(DryRun),
  },
  { title: 'RemovedRule' },
)
export type RemovedRule = Static<typeof RemovedRule>

const AccountName = Type.Union([Address, Id], {
  description: 'Its address; of an account without one its id.',
})
const fired = {
  rule: RuleId,
  version: Type.Integer({ minimum: 1 }),
  kind: RuleKind,
  account: AccountName,
  counterparty: nullable(AccountName, { description: 'The other account of what set it off.' }),
  measured: noted(SignedAmount, {
    description:
      'What was measured: an amount, a count, or seconds until the balance is gone; of a hold what is still held.',
  }),
  threshold: noted(SignedAmount, {
    description: 'What it was held against; of a hold seconds before its deadline.',
  }),
  sequence: noted(Sequence, { description: 'Of the event at which it fired.' }),
  hold_sequence: nullable(Sequence, { description: 'Of the hold that is near its deadline.' }),
}

/** What a firing and its event say. */
export const firedFields = {
  firing_id: noted(Id, { description: 'A function of rule, version, event and account.' }),
  ...fired,
  freeze_hold_id: nullable(Id, {
    description: 'The hold that closes the account: its void opens it again.',
  }),
  suppressed: noted(Count, {
    description: 'Firings of this rule left out since the one before: more than 1,000 in an hour.',
  }),
}

export const Firing = strict(
  { object: Type.Literal('firing'), ...firedFields, fired_at: Time, recorded_at: Time },
  { title: 'Firing' },
)
export type Firing = Static<typeof Firing>

const TriedFiring = strict(
  { object: Type.Literal('firing'), ...fired, fired_at: Time },
  { title: 'TriedFiring' },
)

export const Backtest = strict(
  {
    object: Type.Literal('backtest'),
    rule: RuleId,
    version: nullable(Type.Integer({ minimum: 1 }), { description: 'null: what was sent.' }),
    from: nullable(Time, { description: 'null: from the first event on.' }),
    to: Time,
    complete: Type.Boolean({
      description: 'Whether all of it was read in the time that there is for it.',
    }),
    events: noted(Count, { description: 'Events that were read.' }),
    through: nullable(Time, { description: 'Of the newest event that was read.' }),
    firings: noted(Count, { description: 'All of them; `data` has the first 1,000.' }),
    accounts: noted(Count, { description: 'Different accounts that it fired for.' }),
    by_day: Type.Array(
      strict({
        day: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', examples: ['2026-11-26'] }),
        firings: Count,
      }),
      { description: 'Days in UTC with at least one, the first 1,000.' },
    ),
    data: Type.Array(TriedFiring),
  },
  { title: 'Backtest' },
)
export type Backtest = Static<typeof Backtest>

export const RuleParams = strict({ id: RuleId })
export type RuleParams = Static<typeof RuleParams>
export const RulesQuery = strict({
  limit: Type.Optional(PageLimit),
  cursor: Type.Optional(Cursor),
})
export type RulesQuery = Static<typeof RulesQuery>
export const BacktestQuery = strict({
  from: Type.Optional(
    noted(Time, {
      description: 'As if it had been put right before. Default: before the first event.',
    }),
  ),
  to: Type.Optional(noted(Time, { description: 'Default: now.' })),
})
export type BacktestQuery = Static<typeof BacktestQuery>

export const RuleList = page(Rule, 'RuleList')
export const RuleVersionList = strict({ data: Type.Array(Rule) }, { title: 'RuleVersionList' })
export const FiringList = strict({ data: Type.Array(Firing) }, { title: 'FiringList' })
