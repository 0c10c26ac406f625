/** Ceilings: how much a principal may move, by transfer or by day. */
import { type Static, Type } from 'typebox'
import { AddressPattern, PrincipalName } from './access.ts'
import { Amount, AssetText, Cursor, DryRun, PageLimit, Time } from './scalars.ts'
import { noted, nullable, page, strict } from './schema.ts'

export const CeilingId = Type.String({
  title: 'CeilingId',
  description: 'Names a ceiling.',
  pattern: '^ceil_[0-7][0-9A-HJKMNP-TV-Z]{25}$',
  examples: ['ceil_01KAHWAZ9EFH0SP3HZD99DG703'],
})

export const CeilingMeasure = Type.Enum(['transfer_amount', 'daily_amount', 'daily_count'], {
  title: 'CeilingMeasure',
  description:
    'What is bounded: the amount of each transfer, the amounts of a day together, or how many transfers there are in a day. Days are those of UTC.',
})

const Addresses = Type.Array(AddressPattern, {
  description: 'Accounts that the money leaves.',
  minItems: 1,
  maxItems: 16,
  uniqueItems: true,
})

const Limit = noted(Amount, { description: 'Minor units, or transfers.' })

export const Ceiling = strict(
  {
    object: Type.Literal('ceiling'),
    id: CeilingId,
    principal: PrincipalName,
    measure: CeilingMeasure,
    asset: nullable(AssetText, { description: 'null: any, which only a count can have.' }),
    limit: Limit,
    addresses: Addresses,
    used: noted(Amount, { description: 'Of the present day; 0 where each transfer counts alone.' }),
    available: noted(Amount, { description: 'What is left of it.' }),
    resets_at: nullable(Time, {
      description: 'When all of it is there again; null where each transfer counts alone.',
    }),
    created_at: Time,
    revoked_at: nullable(Time),
    dry_run: Type.Optional(DryRun),
  },
  { title: 'Ceiling' },
)
export type Ceiling = Static<typeof Ceiling>

export const CreateCeiling = strict(
  {
    principal: PrincipalName,
    measure: CeilingMeasure,
    asset: Type.Optional(
      noted(AssetText, {
        description: 'Left out: of any asset, which only `daily_count` can be.',
      }),
    ),
    limit: Limit,
    addresses: Type.Optional(
      noted(Addresses, { description: 'Accounts that the money leaves; default: all.' }),
    ),
  },
  { title: 'CreateCeiling' },
)
export type CreateCeiling = Static<typeof CreateCeiling>

export const CeilingParams = strict({ id: CeilingId })
export type CeilingParams = Static<typeof CeilingParams>
export const CeilingsQuery = strict({
  principal: Type.Optional(PrincipalName),
  limit: Type.Optional(PageLimit),
  cursor: Type.Optional(Cursor),
})
export type CeilingsQuery = Static<typeof CeilingsQuery>
export const CeilingList = page(Ceiling, 'CeilingList')

/** Of a refusal by one. */
export const refusedByCeiling = {
  ceiling: Type.Optional(noted(CeilingId, { description: 'Which ceiling refused.' })),
  resets_at: Type.Optional(noted(Time, { description: 'When a ceiling of a day is whole again.' })),
}
