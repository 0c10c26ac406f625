/** What operators and their machines ask: is it alive, is it ready, how is it doing. */
import { type Static, Type } from 'typebox'
import { Count, Sequence } from './scalars.ts'
import { strict } from './schema.ts'

export const Health = strict(
  {
    status: Type.Literal('ok'),
    version: Type.String({ examples: ['0.1.0'] }),
    log: Type.Optional(
      Type.Enum(['ok', 'behind', 'alarmed', 'stopped', 'refused'], {
        description: 'Of the proof log, see `/v1/log`; left out without one.',
      }),
    ),
    database: Type.Optional(
      Type.Enum(['starting', 'ready', 'down', 'refused'], {
        description:
          'Of PostgreSQL, which the ledger does without; left out when there is none. `refused`: it is there and may not be used; the log says why.',
      }),
    ),
    rules: Type.Optional(
      Type.Enum(['ok', 'behind'], {
        description:
          'Of the evaluation of rules; left out when there are none. `behind`: it has more than 100,000 events to catch up with.',
      }),
    ),
    read_models: Type.Optional(
      Type.Enum(['agree', 'differ'], {
        description:
          'Whether the tables of PostgreSQL had the totals of the ledger when they were last compared; left out until then.',
      }),
    ),
    brokers: Type.Optional(
      strict(
        { rabbitmq: Type.Optional(Type.Enum(['connecting', 'connected', 'unreachable'])) },
        {
          description:
            'Whether they take events. The ledger does without them, and all catch up; left out when there are none.',
        },
      ),
    ),
  },
  { title: 'Health', description: 'The process runs. It says nothing of whether it can write.' },
)
export type Health = Static<typeof Health>

export const Readiness = strict(
  {
    status: Type.Enum([
      ...['ready', 'starting', 'storage_full', 'clock_jump', 'behind_signed', 'failed', 'draining'],
    ] as const),
    accounts: Count,
    sequence: Sequence,
    durable_sequence: Sequence,
    damaged: Type.Boolean({
      description:
        'The background reader found bytes of the journal that are not what was written. What is damaged is not served; the rest is.',
    }),
  },
  {
    title: 'Readiness',
    description: '200 when writes are taken; 503 with the same body when they are not.',
  },
)
export type Readiness = Static<typeof Readiness>
