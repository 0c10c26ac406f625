/** The read models: how far the tables that follow the journal are. */
import { type Static, Type } from 'typebox'
import { Sequence, Time } from './scalars.ts'
import { noted, nullable, strict } from './schema.ts'

export const ReadModels = strict(
  {
    object: Type.Literal('read_models'),
    status: Type.Enum(['following', 'rebuilding', 'unavailable'], {
      description:
        '`rebuilding`: they are made from the journal, and are not asked until they are whole. `unavailable`: PostgreSQL is not there, or was not reached yet.',
    }),
    sequence: noted(Sequence, { description: 'Newest event that is in them.' }),
    durable_sequence: noted(Sequence, { description: 'Newest event that could be.' }),
    rebuilding_until: nullable(Sequence, {
      description: 'While `rebuilding`: from there on they are asked again.',
    }),
    agreement: nullable(
      strict({
        checked_at: Time,
        compared_sequence: noted(Sequence, { description: 'Event at which both were compared.' }),
        differences: Type.Array(Type.String(), {
          description: 'For people: each asset that differs, with both sides. None: they agree.',
        }),
      }),
      {
        description:
          'Whether they had the totals of the ledger when they were last compared; null until then.',
      },
    ),
    detail: nullable(Type.String(), { description: 'While `unavailable`: why.' }),
  },
  { title: 'ReadModels' },
)
export type ReadModels = Static<typeof ReadModels>
