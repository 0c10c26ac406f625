/** Lines that look at the ledger: balance, subtree, hold, look, entry, reversed, released, next_deadline. */
import { type ViewName, VIEWS, type ViewStep } from './step.ts'
import type { Words } from './words.ts'

const FOUR = ['dp', 'dpo', 'cp', 'cpo']

/** What bare words of a view mean, in order; the last may repeat. */
const BARE: Readonly<Record<ViewName, readonly string[]>> = {
  balance: FOUR,
  subtree: FOUR,
  hold: ['status'],
  look: ['status'],
  entry: FOUR,
  reversed: ['amount'],
  released: [],
  next_deadline: ['at'],
}

const TIMES = ['deadline', 'at']
const TEXTS = ['status', 'metadata', 'ids', 'address']

export const isView = (verb: string): verb is ViewName =>
  (VIEWS as readonly string[]).includes(verb)

export function parseView(view: ViewName, words: Words): ViewStep {
  const hasSubject = view !== 'released' && view !== 'next_deadline'
  const subject = hasSubject ? words.takeId('what to look at') : 0n
  const number = view === 'entry' ? words.takeAmount("the entry's number") : 0n
  const expected = view === 'released' ? expectReleases(words) : expectFacts(view, words)
  return { kind: 'view', line: words.line, view, subject, number, expected }
}

function expectReleases(words: Words): Map<string, string> {
  const ids: string[] = []
  for (let word = words.maybe(); word !== undefined; word = words.maybe()) {
    ids.push(String(words.id(word)))
  }
  return new Map([['ids', ids.join(' ')]])
}

function expectFacts(view: ViewName, words: Words): Map<string, string> {
  if (words.has('none')) return new Map([['status', 'none']])
  const facts = words.values()
  for (const name of BARE[view]) {
    const word = words.maybe()
    if (word !== undefined) facts.set(name, word)
  }
  return new Map(Array.from(facts, ([name, word]) => [name, normal(words, name, word)]))
}

/** One way of writing for what is the same: `1_000` and `1000`, `5s` and `5000000000`. */
function normal(words: Words, name: string, word: string): string {
  if (TEXTS.includes(name) || word === 'none') return word
  return String(TIMES.includes(name) ? words.time(word) : words.amount(word))
}
