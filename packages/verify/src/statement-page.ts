/** A statement as a page that carries its own proof: what stands in it held against the document inside. */
import type { PolicyOptions } from './policy.ts'
import { namedTexts, statementView } from './statement-view.ts'
import type { AccountReport, SaidAccount } from './verify-account.ts'

/** A text that stands in the page, under the name that the page gives it; '': a row that has none. */
export interface ShownText {
  readonly name: string
  readonly text: string
}

/** Something that is wrong, for people, and where. */
export interface PageFault {
  readonly sentence: string
  /** Number of the account's entry whose row it is about. */
  readonly entry?: string
  /** Likewise by its place among the rows, from 0, where the document cannot be read. */
  readonly place?: number
  /** Of the shown text that is wrong. */
  readonly name?: string
}

/** What somebody found in a page. */
export interface PageSeen {
  readonly shown: readonly ShownText[]
  /** The page's element `main` is what is made of its document. */
  readonly isAsMade: boolean
}

const REARRANGED =
  'Every text is what the proof says, but the page was rearranged: something was added, hidden, or put in another place.'

/** What is wrong with the document, and with the page around it. Empty: all that is shown is proved. */
export function pageFaults(
  report: AccountReport,
  trust: PolicyOptions,
  { shown, isAsMade }: PageSeen,
): PageFault[] {
  const { checks, said } = report
  const faults = checks
    .filter(({ holds }) => !holds)
    .map(({ sentence, entry }): PageFault => {
      if (entry === undefined) return { sentence }
      return said === undefined
        ? { sentence, place: entry }
        : { sentence, entry: `${numberAt(said, entry)}` }
    })
  if (said === undefined) return faults
  faults.push(...textFaults(said, trust, { shown, faults }))
  return faults.length > 0 || isAsMade ? faults : [{ sentence: REARRANGED }]
}

/** Of an entry that cannot be read: the number that it should have. */
function numberAt({ entries, opening }: SaidAccount, place: number): bigint {
  const opened = entries[place]
  // What an entry says of itself counts only when it is sound.
  if (opened?.isSound === true) return opened.entry.number
  return (opening?.state?.count ?? 0n) + BigInt(place) + 1n
}

interface Page {
  readonly shown: readonly ShownText[]
  /** What is known to be wrong already. */
  readonly faults: readonly PageFault[]
}

function textFaults(said: SaidAccount, trust: PolicyOptions, { shown, faults }: Page): PageFault[] {
  const texts = namedTexts(statementView(said), trust)
  const known = new Set(faults.flatMap(({ entry }) => (entry === undefined ? [] : [entry])))
  const found: PageFault[] = []
  const seen = new Set<string>()
  for (const { name, text } of shown) {
    const entry = entryOf(name)
    const right = texts.get(name)
    const isTwice = seen.has(name)
    seen.add(name)
    if (right === text && !isTwice) continue
    // An entry that is not proved has no texts to compare with, and is told of already.
    if (right === undefined && entry !== undefined && known.has(entry)) continue
    found.push({ name, ...(entry !== undefined && { entry }), sentence: told(name, text, right) })
  }
  for (const [name, text] of texts) {
    if (seen.has(name) || (text === '' && entryOf(name) === undefined)) continue
    found.push({
      name,
      sentence: `${subject(name)} is missing in the page: ${quoted(text)} is proved.`,
    })
  }
  return found
}

function entryOf(name: string): string | undefined {
  return /^entry\.([0-9]+)\./.exec(name)?.[1]
}

function told(name: string, text: string, right: string | undefined): string {
  if (name === '') return `The page has a row that nothing proves: ${quoted(text)}.`
  if (right === undefined) return `${subject(name)} shows ${quoted(text)}, which nothing proves.`
  if (right === text) return `${subject(name)} stands there twice.`
  return `${subject(name)} shows ${quoted(text)}, but ${quoted(right)} is proved.`
}

const SUBJECTS: Readonly<Record<string, string>> = {
  account: 'The account',
  asset: 'The currency',
  origin: 'The name of the log',
  entries: 'The number of entries',
  quorum: 'What is asked of witnesses',
  period: 'The period',
  opening: 'The opening balance',
  closing: 'The closing balance',
  moneyIn: 'The sum of the credits',
  moneyOut: 'The sum of the debits',
  held: 'What is held',
  log: 'The log',
  coverage: 'How far it is complete',
  key: 'The key of the log',
  fingerprint: 'The fingerprint of the key',
  witness: 'The key of a witness',
}

/** `Entry 17: the amount`. */
function subject(name: string): string {
  const [first = '', number, field] = name.split('.')
  if (first === 'entry') return `Entry no. ${number}: the ${field}`
  return SUBJECTS[first] ?? `“${name}”`
}

function quoted(text: string): string {
  return text === '' ? 'nothing' : `“${text}”`
}
