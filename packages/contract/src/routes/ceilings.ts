/** Routes of ceilings. What they change is a command in the log. */
import { AccessChange } from '../access.ts'
import { Nothing } from '../accounts.ts'
import { Ceiling, CeilingList, CeilingParams, CeilingsQuery, CreateCeiling } from '../ceilings.ts'
import { read, received, shows, write, wrote } from './define.ts'

const manage = {
  scope: 'keys:manage',
  reach: 'everywhere',
  resource: 'access',
  lane: 'interactive',
} as const

export const ceilingRoutes = {
  createCeiling: write({
    ...manage,
    number: 190,
    method: 'POST',
    path: '/v1/ceilings',
    summary: 'Bound what a principal may move',
    description:
      'Each transfer and hold that it asks for is held to all of its ceilings that name the account the money leaves, and charged to them as it is decided.',
    example: {
      path: '/ceilings',
      body: {
        principal: 'billing-service',
        measure: 'daily_amount',
        asset: 'EUR/2',
        limit: '500000',
        addresses: ['partners:acme:*'],
      },
    },
    body: CreateCeiling,
    answers: { 201: wrote(Ceiling, 'It binds from the next command on.'), 202: received },
  }),
  listCeilings: read({
    number: 191,
    method: 'GET',
    path: '/v1/ceilings',
    summary: 'List ceilings',
    description: 'All, or those of a principal, with what is used up today; revoked ones too.',
    example: { path: '/ceilings?principal=billing-service' },
    scope: 'keys:read',
    resource: 'access',
    lane: 'interactive',
    query: CeilingsQuery,
    answers: { 200: shows(CeilingList, 'Ceilings.') },
  }),
  revokeCeiling: write({
    ...manage,
    number: 192,
    method: 'POST',
    path: '/v1/ceilings/{id}/revoke',
    summary: 'Lift a ceiling',
    description: 'It binds nothing from the next command on.',
    example: { path: '/ceilings/ceil_01KAHWAZ9EFH0SP3HZD99DG703/revoke' },
    params: CeilingParams,
    body: Nothing,
    bodyOptional: true,
    answers: { 200: wrote(AccessChange, 'Done.'), 202: received },
  }),
} as const
