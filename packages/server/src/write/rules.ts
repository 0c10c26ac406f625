/** Writes of rules: what was asked becomes one command about rules, which stands alone. */
import type { PutRule, RuleParams, RuleWhen } from '@tallystick/contract'
import { Operation } from '@tallystick/engine'
import {
  encodeRuleCommand,
  faultOf,
  newestOf,
  type RuleCommand,
  type RuleForm,
  type When,
} from '@tallystick/rules'

import { refuse } from '../http/refused.ts'
import { removedRuleAnswer, ruleAnswer } from '../render/rule-answer.ts'
import type { Plan, WriteOperation } from './plan.ts'

function planOf(command: RuleCommand): Plan {
  const statement = encodeRuleCommand(command)
  return {
    commands: [{ operation: Operation.rule, flags: 0, statement }],
    ...{ body: {}, touches: [], keys: [] },
  }
}

/** A version of its own each time, whatever it says: it begins anew. */
export const putRule: WriteOperation = {
  plan: ({ rules }, { owner }, { params, body }) => {
    const { id: rule } = params as RuleParams
    const known = rules.rule(rule)
    const version = known === undefined ? 1 : newestOf(known).version + 1
    return planOf({ rules: 'put', rule, version, owner, form: formOf(body as PutRule) })
  },
  render: ruleAnswer,
}

export const removeRule: WriteOperation = {
  plan: (_planning, _asking, { params }) => {
    const { id: rule } = params as RuleParams
    return planOf({ rules: 'remove', rule })
  },
  render: removedRuleAnswer,
}

/** With all that may be left out. @throws Refused for what no rule can be */
export function formOf(asked: PutRule): RuleForm {
  const { description = '', enabled = true, addresses, asset = null, action = 'event' } = asked
  if (action === 'demand_approval') {
    const detail =
      'A rule cannot demand an approval yet: use event or freeze, or put an approval policy.'
    return refuse('invalid_field', 'action', detail)
  }
  const form = { description, enabled, addresses, asset, action, when: whenOf(asked.when) }
  const fault = faultOf(form)
  return fault === undefined ? form : refuse('invalid_field', fault.field, fault.detail)
}

function whenOf(when: RuleWhen): When {
  switch (when.kind) {
    case 'balance':
      return { ...when, rearm: when.rearm ?? when.threshold }
    case 'new_counterparty':
      return { ...when, learn_seconds: when.learn_seconds ?? 0 }
    case 'limit_used':
      return { ...when, rearm_percent: when.rearm_percent ?? when.percent }
    case 'running_out':
    case 'hold_deadline':
    case 'velocity':
      return when
  }
}
