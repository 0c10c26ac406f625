/** Writes of ceilings: each becomes one control command, which stands alone. */
import type { CeilingParams, CreateCeiling } from '@tallystick/contract'

import { refuse } from '../http/refused.ts'
import { ceilingAnswer, changeAnswer } from '../render/access-answer.ts'
import { idOf, planOf } from './access.ts'
import { amountOf } from './fields.ts'
import type { WriteOperation } from './plan.ts'

export const createCeiling: WriteOperation = {
  plan: ({ assets }, asking, { body }) => {
    const { principal, measure, asset, limit, addresses = ['*'] } = body as CreateCeiling
    if (asset === undefined && measure !== 'daily_count') {
      return refuse('missing_field', 'asset', 'Amounts of different assets have no sum.')
    }
    return planOf({
      ...{ control: 'create_ceiling', ceiling: idOf('ceil', asking), principal, measure },
      asset: asset === undefined ? null : assets.number(asset, 'asset'),
      limit: String(amountOf(limit, 'limit', 'allowed')),
      addresses,
    })
  },
  render: ceilingAnswer,
}

export const revokeCeiling: WriteOperation = {
  plan: (_planning, _asking, { params }) =>
    planOf({ control: 'revoke_ceiling', ceiling: (params as CeilingParams).id }),
  render: changeAnswer,
}
