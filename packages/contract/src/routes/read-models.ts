/** Routes of the read models themselves; what they are asked with is among the resources. */
import { MediaType } from '../media-types.ts'
import { ReadModels } from '../read-models.ts'
import { strict } from '../schema.ts'
import { read } from './define.ts'

export const readModelRoutes = {
  getReadModels: read({
    number: 120,
    method: 'GET',
    path: '/v1/read-models',
    resource: 'read_models',
    summary: 'Show how far the read models are',
    description: 'The tables of PostgreSQL that follow the journal; see docs/postgres.md.',
    example: { path: '/read-models' },
    scope: 'read_models:read',
    lane: 'interactive',
    headers: strict({}),
    answers: { 200: { description: 'Where.', content: { [MediaType.json]: ReadModels } } },
  }),
  rebuildReadModels: read({
    number: 121,
    method: 'POST',
    path: '/v1/read-models/rebuild',
    resource: 'read_models',
    summary: 'Make the read models again',
    description:
      'Throws their content away and makes it from the journal. Until they are whole again, what asks them answers 503.',
    example: { path: '/read-models/rebuild' },
    scope: 'read_models:rebuild',
    lane: 'bulk',
    headers: strict({}),
    answers: { 200: { description: 'Begun.', content: { [MediaType.json]: ReadModels } } },
  }),
  checkReadModels: read({
    number: 122,
    method: 'POST',
    path: '/v1/read-models/check',
    resource: 'read_models',
    summary: 'Hold the read models to the ledger',
    description:
      'Compares their totals with those of the ledger, as a job does every ten minutes. Returns when it is asked for; `agreement` tells what came of it.',
    example: { path: '/read-models/check' },
    scope: 'read_models:rebuild',
    lane: 'bulk',
    headers: strict({}),
    answers: { 200: { description: 'Asked for.', content: { [MediaType.json]: ReadModels } } },
  }),
} as const
