/** The state of rules as a snapshot keeps it, as a value and as text, and as the state hash covers it, as bytes. */
import { orderedForm } from './rule-form.ts'
import type { FiringPlace, RuleRecord } from './rules-state.ts'

export interface SavedRules {
  readonly version: number
  readonly firings: number
  readonly last: FiringPlace
  readonly rules: readonly RuleRecord[]
}

/** As JSON; a time is `{"ns":"…"}`. */
export function rulesText(saved: SavedRules): string {
  return JSON.stringify(saved, (_name, value: unknown) =>
    typeof value === 'bigint' ? { ns: String(value) } : value,
  )
}

export function rulesOfText(text: string): SavedRules {
  return JSON.parse(text, (_name, value: unknown) =>
    isTime(value) ? BigInt(value.ns) : value,
  ) as SavedRules
}

function isTime(value: unknown): value is { readonly ns: string } {
  return typeof value === 'object' && value !== null && Object.keys(value).join() === 'ns'
}

/** A name of the form, then its JSON with every field in its place and rules in order of their names: ASCII, as forms are. */
export function canonicalRules({ version, firings, last, rules }: SavedRules): Uint8Array {
  const inOrder = [...rules].sort((a, b) => (a.rule < b.rule ? -1 : 1))
  const text = JSON.stringify([
    ...['tallystick/rules/v1', version, firings, last.sequence, last.ordinal],
    inOrder.map(({ rule, versions, firings: own, recent }) => [
      ...[rule, own, recent],
      versions.map((each) => [
        ...[each.version, each.owner, String(each.at), each.sequence, orderedForm(each.form)],
      ]),
    ]),
  ])
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
