/** Answers to commands about rules. In order of precedence; numbers are never given twice. */
export const RuleStatus = {
  changed: 0,
  linkedEventFailed: 1,
  linkedEventChainOpen: 2,
  reservedFlag: 3,
  /** In a chain: what follows would be watched by rules that may be taken back. */
  mustStandAlone: 4,
  /** Its bytes are no command, or not in the one form that it has. */
  malformedRule: 5,
  ruleNotFound: 6,
  /** Somebody else changed the rule meanwhile. */
  ruleVersionConflict: 7,
  tooManyRules: 8,
  /** A firing that is on record, or that comes before one that is. */
  firingAlreadyRecorded: 9,
} as const
export type RuleStatus = (typeof RuleStatus)[keyof typeof RuleStatus]
