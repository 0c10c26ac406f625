/** Rules that watch the stream of decided movements. Pure: the log is the only clock. */
export { RULES_PER_OWNER_MAX } from './limits.ts'
export {
  decodeRuleCommand,
  encodeRuleCommand,
  type FireRule,
  type PutRule,
  type RuleCommand,
} from './rule-command.ts'
export { faultOf, type RuleForm } from './rule-form.ts'
export { RuleStatus } from './rule-status.ts'
export { newestOf, type RuleRecord, type RulesReader, RulesState } from './rules-state.ts'
export { rulesOfText, rulesText } from './saved-rules.ts'
