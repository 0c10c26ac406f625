/** The scenario language: text in, steps out. `README.md` of this package shows it whole. */
import { type Command, Operation } from '@tallystick/ledger'
import { parseCommand } from './parse-command.ts'
import type { KnownTransfers } from './parse-transfer.ts'
import { isView, parseView } from './parse-view.ts'
import { ScenarioError } from './scenario-error.ts'
import { isStatusOf } from './status-text.ts'
import type { AskedCommand, Expectation, Line, Scenario, Step } from './step.ts'
import { Words } from './words.ts'

export function parse(text: string): Scenario {
  const parser = new Parser()
  for (const [index, raw] of text.split('\n').entries()) {
    const line = { number: index + 1, text: withoutComment(raw).trim() }
    if (line.text !== '') parser.read(line)
  }
  return parser.finish()
}

const withoutComment = (raw: string): string => raw.replace(/(^|\s)#.*$/, '')

interface OpenBlock {
  readonly line: Line
  readonly dryRun: boolean
  readonly asked: AskedCommand[]
}

class Parser {
  readonly #steps: Step[] = []
  readonly #names = new Map<bigint, string>()
  readonly #known: KnownTransfers = new Map()
  #block: OpenBlock | undefined
  #by = ''

  read(line: Line): void {
    const [before = '', after] = line.text.split(/\s(?:->|→)\s/)
    const [verb = '', ...rest] = before.trim().split(/\s+/)
    const words = new Words(line, rest, this.#names)
    const command = parseCommand(verb, words, this.#known)
    if (command !== undefined) this.#ask(line, command, this.#expect(line, command, after))
    else if (after !== undefined) words.fail(`"${verb}" has no status to expect`)
    else this.#step(verb, words)
    words.end()
  }

  finish(): Scenario {
    if (this.#block !== undefined) {
      throw new ScenarioError(this.#block.line.number, 'this block has no commit')
    }
    return { steps: this.#steps, names: this.#names }
  }

  #step(verb: string, words: Words): void {
    const { line } = words
    if (verb === 'commit') this.#commit(words)
    else if (this.#block !== undefined) words.fail(`"${verb}" cannot stand inside a block`)
    else if (verb === 'batch') this.#block = { line, dryRun: false, asked: [] }
    else if (verb === 'dry') this.#block = { line, dryRun: true, asked: [] }
    else if (verb === 'tick') this.#batch({ line, dryRun: false, asked: [] })
    else if (verb === 'by') this.#by = words.take('who asks')
    else if (verb === 'at') this.#moveClock(words)
    else if (isView(verb)) this.#steps.push(parseView(verb, words))
    else words.fail(`"${verb}" is not a step`)
  }

  #moveClock(words: Words): void {
    const word = words.take('the time')
    const relative = word.startsWith('+')
    const nanoseconds = words.time(relative ? word.slice(1) : word)
    this.#steps.push({ kind: 'clock', line: words.line, relative, nanoseconds })
  }

  #commit(words: Words): void {
    if (this.#block === undefined) words.fail('there is no block to commit')
    const { line, dryRun, asked } = this.#block
    this.#batch({ line, dryRun, asked })
    this.#block = undefined
  }

  #batch(block: OpenBlock): void {
    this.#steps.push({ kind: 'batch', by: this.#by, ...block })
  }

  #ask(line: Line, command: Command, expected: Expectation | undefined): void {
    const asked = { line, command, expected, touches: this.#touches(command) }
    if (this.#block !== undefined) this.#block.asked.push(asked)
    else this.#batch({ line, dryRun: false, asked: [asked] })
  }

  /** Which accounts a transfer moves, as far as the text says. */
  #touches(command: Command): bigint[] {
    if (command.operation !== Operation.createTransfer) return []
    const hold = this.#known.get(command.pendingId)
    const debit = command.debitAccountId || (hold?.debit ?? 0n)
    const credit = command.creditAccountId || (hold?.credit ?? 0n)
    // A repeated id keeps the accounts of its first line: later ones are refused.
    if (!this.#known.has(command.id)) this.#known.set(command.id, { debit, credit })
    return [debit, credit]
  }

  #expect(line: Line, command: Command, after: string | undefined): Expectation | undefined {
    if (after === undefined) return undefined
    const [status = '', ...rest] = after.trim().split(/\s+/)
    if (!isStatusOf(command.operation, status)) {
      throw new ScenarioError(line.number, `"${status}" is not a status of this command`)
    }
    const words = new Words(line, rest, this.#names)
    const amount = words.maybe()
    const facts = new Map<string, string>()
    if (amount !== undefined) facts.set('amount', String(words.amount(amount)))
    for (const [name, word] of words.values()) {
      facts.set(name, String(name === 'account' ? words.id(word) : words.amount(word)))
    }
    words.end()
    return { status, facts }
  }
}
