/** How much of everything rules may take: they lie in memory and in every snapshot, and what they watch lies in memory. */

/** Rules that were put and not removed. */
export const RULES_MAX = 500
/** Of one owner, so that one partner cannot take all of them. */
export const RULES_PER_OWNER_MAX = 50
/** Newest versions of a rule that can be listed; older ones are in the log. */
export const VERSIONS_KEPT = 10
/** Newest firings of a rule that can be listed; older ones are in the log. */
export const FIRINGS_KEPT = 200
export const PATTERNS_PER_RULE_MAX = 16
export const DESCRIPTION_LENGTH_MAX = 200
/** A window slides in so many steps of its length. */
export const WINDOW_STEPS = 30
export const WINDOW_SECONDS_MIN = 60
/** 90 days. */
export const WINDOW_SECONDS_MAX = 7_776_000
export const DAYS_MAX = 365
export const RATE_DAYS_MAX = 90
/** A year. */
export const BEFORE_SECONDS_MAX = 31_536_000
/** Counterparties that are told apart: of a count the threshold may not be more, and of known ones the oldest is forgotten. */
export const COUNTERPARTIES_MAX = 1_000
/** Accounts whose windows one rule remembers; beyond them it forgets the one that moved longest ago. */
export const WATCHED_ACCOUNTS_MAX = 100_000
/** Of one rule in an hour of ledger time. What is more is counted, not recorded: a rule may not fill the log. */
export const FIRINGS_PER_HOUR_MAX = 1_000
