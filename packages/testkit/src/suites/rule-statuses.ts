/** What each status of a command about rules comes from, as scenarios. Statements are their bytes: the one form that a command has. */
import {
  encodeRuleCommand,
  type RuleCommand,
  type RuleForm,
  RULES_PER_OWNER_MAX,
  type RuleStatus,
} from '@tallystick/rules'

const hex = (command: RuleCommand): string =>
  `0x${Buffer.from(encodeRuleCommand(command)).toString('hex')}`

const form: RuleForm = {
  ...{ description: 'low wallets', enabled: true, addresses: ['*'], asset: 'EUR/2' },
  action: 'event',
  when: { kind: 'balance', of: 'available', is: 'below', threshold: '100', rearm: '120' },
}
const put = (rule: string, version: number): string =>
  hex({ rules: 'put', rule, version, owner: 'ada', form })
const fire = (sequence: number, ordinal: number): string =>
  hex({
    ...{ rules: 'fire', firing: 'ab'.repeat(16), rule: 'low', version: 1, kind: 'balance' },
    ...{ sequence, ordinal, time: '12', account: 'users:1', counterparty: null },
    ...{ value: '99', bound: '100', hold: null, freeze: null, suppressed: 0 },
  })
const LOW = put('low', 1)

const many = Array.from(
  { length: RULES_PER_OWNER_MAX },
  (_, n) => `rule ${put(`low-${n}`, 1)} -> changed`,
)

export const RULE_CASES: Readonly<Record<keyof typeof RuleStatus, string>> = {
  changed: `
    rule ${LOW} -> changed
    rule ${put('low', 2)} -> changed
    rule ${hex({ rules: 'tick' })} -> changed
    rule ${fire(1, 0)} -> changed
    rule ${fire(1, 1)} -> changed
    rule ${hex({ rules: 'remove', rule: 'low' })} -> changed
    rule ${LOW} -> changed`,
  linkedEventFailed: `
    batch
      close Z linked -> account_not_found
      rule ${LOW} -> linked_event_failed
    commit
    rule ${LOW} -> changed`,
  linkedEventChainOpen: `rule ${LOW} linked -> linked_event_chain_open`,
  reservedFlag: `rule ${LOW} flags=2 -> reserved_flag`,
  mustStandAlone: `
    batch
      account Q linked -> linked_event_failed
      rule ${LOW}      -> must_stand_alone
    commit`,
  malformedRule: `
    rule hello -> malformed_rule
    rule ${LOW}20 -> malformed_rule
    rule ${fire(1_000_000, 0)} -> malformed_rule`,
  ruleNotFound: `rule ${hex({ rules: 'remove', rule: 'low' })} -> rule_not_found`,
  ruleVersionConflict: `
    rule ${put('low', 2)} -> rule_version_conflict
    rule ${LOW} -> changed
    rule ${LOW} -> rule_version_conflict`,
  tooManyRules: `
    ${many.join('\n    ')}
    rule ${put('one-more', 1)} -> too_many_rules
    rule ${put('low-1', 2)} -> changed`,
  firingAlreadyRecorded: `
    rule ${LOW} -> changed
    rule ${fire(2, 1)} -> changed
    rule ${fire(2, 1)} -> firing_already_recorded
    rule ${fire(2, 0)} -> firing_already_recorded
    rule ${fire(1, 5)} -> firing_already_recorded
    rule ${fire(2, 2)} -> changed`,
}
