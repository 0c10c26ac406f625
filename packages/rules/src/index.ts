/** Rules that watch the stream of decided movements. Pure: the log is the only clock. */
export { Evaluator, type Firing, type RuleWork } from './evaluate/evaluator.ts'
export type { Limiting, Movement, MovementKind, Opening } from './evaluate/movement.ts'
export { RULES_PER_OWNER_MAX } from './limits.ts'
export {
  decodeRuleCommand,
  encodeRuleCommand,
  type FireRule,
  type PutRule,
  type RuleCommand,
} from './rule-command.ts'
export { faultOf, type RuleForm, type When } from './rule-form.ts'
export { RuleStatus } from './rule-status.ts'
export {
  isAfter,
  newestOf,
  type RuleRecord,
  type RulesReader,
  RulesState,
  type RuleVersion,
} from './rules-state.ts'
export { rulesOfText, rulesText } from './saved-rules.ts'
