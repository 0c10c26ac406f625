/** Rules and what they did as JSON text. */
import { formatId } from '@tallystick/contract'
import type { FireRule, RuleVersion, RuleWork } from '@tallystick/rules'

import type { FiringFacts } from '../rules/rule-source.ts'
import { timeText } from './text.ts'

/** What is said of a rule besides what was put. */
export interface RuleCounts {
  readonly firings: number
  readonly work: RuleWork | undefined
}

export function ruleText(
  rule: string,
  { version, owner, form, at }: RuleVersion,
  counts?: RuleCounts,
): string {
  const { description, enabled, addresses, asset, action, when } = form
  const head = { object: 'rule', id: rule, version, owner, description, enabled, addresses }
  const text = JSON.stringify({ ...head, asset, action, when })
  return `${text.slice(0, -1)},"put_at":${timeText(at)}${countsText(counts)}}`
}

function countsText(counts: RuleCounts | undefined): string {
  if (counts === undefined) return ''
  const { firings, work } = counts
  const own =
    work === undefined ? '' : `,"suppressed":"${work.suppressed}","forgotten":"${work.forgotten}"`
  return `,"firings":"${firings}"${own}`
}

/** The fields of `firedFields`. */
export function firedText(fire: FireRule): string {
  const { firing, rule, version, kind, account, counterparty, value, bound, hold, freeze } = fire
  return JSON.stringify({
    firing_id: idOf(firing),
    ...{ rule, version, kind, account, counterparty, measured: value, threshold: bound },
    sequence: String(fire.sequence),
    hold_sequence: hold === null ? null : String(hold),
    freeze_hold_id: freeze === null ? null : idOf(freeze),
    suppressed: String(fire.suppressed),
  }).slice(1, -1)
}

/** @param at when it was put on record, ns */
export function firingText(fire: FireRule, at: bigint): string {
  return `{"object":"firing",${firedText(fire)},"fired_at":${timeText(BigInt(fire.time))},"recorded_at":${timeText(at)}}`
}

/** Of a firing that only would have been. */
export function triedText(firing: FiringFacts): string {
  const { rule, version, kind, account, counterparty, value, bound, hold } = firing
  const text = JSON.stringify({
    ...{ object: 'firing', rule, version, kind, account, counterparty },
    ...{ measured: String(value), threshold: String(bound), sequence: String(firing.sequence) },
    hold_sequence: hold === undefined ? null : String(hold),
  })
  return `${text.slice(0, -1)},"fired_at":${timeText(firing.time)}}`
}

function idOf(hex: string): string {
  return formatId(BigInt(`0x${hex}`))
}
