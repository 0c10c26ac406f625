/** The proof log: what it is, its checkpoints and tiles, receipts. Formats: C2SP tlog-checkpoint, tlog-tiles, tlog-proof. */
import { type Static, Type } from 'typebox'
import { Count, Sequence, Time } from './scalars.ts'
import { nullable, strict } from './schema.ts'

const VerifierKey = Type.String({
  description:
    'A verifier key as C2SP signed-note writes it: name, key id and public key, joined by `+`.',
  examples: ['ledger.example/log+3f1c7a90+AW3qJbN8dYl5wG0m6uKfQ2rT9xPzVhCsE4aLoI7nBkUD'],
})

export const ProofLog = strict(
  {
    object: Type.Literal('log'),
    origin: Type.String({
      description: 'The name of the log: first line of its checkpoints.',
      examples: ['ledger.example/log'],
    }),
    keys: Type.Array(VerifierKey, {
      description: 'Whoever checks a checkpoint has to have these from elsewhere, not from here.',
    }),
    witnesses: Type.Array(
      strict({
        name: Type.String(),
        url: Type.String(),
        size: nullable(Sequence, { description: 'Events that it has cosigned, as far as known.' }),
        cosigned_at: nullable(Time),
        detail: nullable(Type.String(), { description: 'Why its last answer was no cosignature.' }),
        alarm: Type.Boolean({
          description: 'It knows another history of this log. A person has to look.',
        }),
      }),
    ),
    quorum: Type.Integer({ description: 'Cosignatures with which a checkpoint counts as public.' }),
    events: Count,
    hashed: Type.String({
      description: 'Events in the tree; what is decided and not in it follows soon.',
      pattern: '^(0|[1-9][0-9]*)$',
      examples: ['6'],
    }),
    signed: Type.String({
      description: 'Events under the newest checkpoint that was signed.',
      pattern: '^(0|[1-9][0-9]*)$',
      examples: ['6'],
    }),
    signed_at: nullable(Time),
    status: Type.Enum(['ok', 'behind', 'alarmed', 'stopped', 'refused'], {
      description:
        '`behind`: it follows, and has not caught up. `alarmed`: a witness knows another history, see `witnesses`. `stopped`: it cannot go on, `detail` says why. `refused`: the signer will not sign, since the tree contradicts what it signed before.',
    }),
    detail: nullable(Type.String()),
  },
  { title: 'ProofLog' },
)
export type ProofLog = Static<typeof ProofLog>

/** `0/x001/067`, or with `.p/8` behind it for the first hashes of a tile that is not full. */
export const TileParams = strict({
  tile: Type.String({
    description:
      'Level, `/`, number of the tile in groups of three digits, all but the last with an `x`; `.p/` and a width for a part.',
    pattern: '^[0-9]{1,2}/(x[0-9]{3}/)*[0-9]{3}(\\.p/[1-9][0-9]{0,2})?$',
    examples: ['0/000.p/6'],
  }),
})
export type TileParams = Static<typeof TileParams>

export const BundleParams = strict({
  bundle: Type.String({
    description: 'Number of the bundle as tiles have it; `.p/` and a width for a part.',
    pattern: '^(x[0-9]{3}/)*[0-9]{3}(\\.p/[1-9][0-9]{0,2})?$',
    examples: ['000.p/6'],
  }),
})
export type BundleParams = Static<typeof BundleParams>
