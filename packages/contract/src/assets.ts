/** Assets: what can be counted. ISO 4217 is there from the start; others are registered with their scale. */
import { type Static, Type } from 'typebox'
import { AssetText, DryRun, Time } from './scalars.ts'
import { noted, nullable, page, strict } from './schema.ts'

const number = Type.Integer({
  description: 'Stands for the asset in the binary form: ISO 4217’s number, or 1000 and above.',
  minimum: 1,
  maximum: 0xffff_ffff,
  examples: [978],
})

export const Asset = strict(
  {
    object: Type.Literal('asset'),
    asset: AssetText,
    number,
    scale: Type.Integer({ description: 'Decimals of one unit.', minimum: 0, maximum: 30 }),
    built_in: Type.Boolean({ description: 'From ISO 4217; not registered by anyone.' }),
    registered_at: nullable(Time),
    dry_run: Type.Optional(DryRun),
  },
  { title: 'Asset' },
)
export type Asset = Static<typeof Asset>

export const RegisterAsset = strict(
  {
    asset: noted(AssetText, { examples: ['PTS/0'] }),
    number: Type.Optional(
      noted(number, {
        description: 'Default: the next one that is free, from 1000.',
        minimum: 1000,
        examples: [1000],
      }),
    ),
  },
  { title: 'RegisterAsset' },
)
export type RegisterAsset = Static<typeof RegisterAsset>

/** All of them in one page: ISO 4217's first, then in order of registration. */
export const AssetList = page(Asset, 'AssetList')
export type AssetList = Static<typeof AssetList>
