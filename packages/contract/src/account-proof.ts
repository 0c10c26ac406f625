/** The document of an account proof (docs/decisions/0014-accounts-roots.md): made by the server, verified by `tally-verify account`. */
import { type Static, Type } from 'typebox'
import { Address, AssetText, Time } from './scalars.ts'
import { noted, nullable, strict } from './schema.ts'

export const AccountProofQuery = strict({
  from: Type.Optional(
    noted(Time, { description: 'First moment that counts; default: the account’s first entry.' }),
  ),
  to: Type.Optional(
    noted(Time, { description: 'First moment that no longer counts; default: now.' }),
  ),
})
export type AccountProofQuery = Static<typeof AccountProofQuery>

const Bytes = Type.String({ description: 'Base64.', pattern: '^[A-Za-z0-9+/]+=*$' })
const place = {
  index: Type.String({ description: 'Place of a leaf, from 0.', pattern: '^(0|[1-9][0-9]*)$' }),
  proof: Type.Array(Type.Integer({ minimum: 0 }), {
    description: 'The inclusion proof (RFC 9162): places in `hashes`.',
  }),
}
const root = {
  leaf: Bytes,
  ...place,
  content: Bytes,
  statement: Bytes,
  account: Type.Optional(strict({ ...place, state: Bytes })),
  absent: Type.Optional(
    Type.Array(strict({ ...place, leaf: Bytes }), {
      description: 'In place of `account`: the leaves between which it would stand.',
    }),
  ),
}

export const AccountProof = strict(
  {
    format: Type.Literal('tallystick/account-proof/v1'),
    account: Address,
    asset: nullable(AssetText, { description: 'null: there is no such account.' }),
    from: nullable(Time),
    to: nullable(Time),
    checkpoint: Type.String({ description: 'A signed note: C2SP tlog-checkpoint.' }),
    opening: nullable(strict(root), {
      description: 'The root before `from`; null: the list begins with the first entry.',
    }),
    entries: Type.Array(
      strict({
        leaf: Bytes,
        ...place,
        side: Type.Enum(['debit', 'credit']),
        preimage: Bytes,
        content: Type.Optional(Bytes),
        metadata: Type.Optional(
          Type.String({ description: 'Base64.', pattern: '^[A-Za-z0-9+/]*=*$' }),
        ),
        other: Type.Optional(strict({ preimage: Bytes, address: Type.Optional(Address) })),
      }),
      { description: 'Every link of the chain between the roots, oldest first.' },
    ),
    closing: strict({ ...root, next: Type.Optional(strict({ leaf: Bytes, ...place })) }),
    hashes: Type.Array(Bytes),
  },
  { title: 'AccountProof' },
)
export type AccountProof = Static<typeof AccountProof>
