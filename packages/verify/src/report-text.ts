/** Reports as text for people. Whatever comes from a log is made harmless to the terminal. */
import { printable } from './printable.ts'
import type { LogReport } from './verify-log.ts'
import type { Replayed } from './replay/replay.ts'
import type { ReceiptReport } from './verify-receipt.ts'
import { counted, grouped, type Report } from './report.ts'
import { type StatementView, statementView } from './statement-view.ts'
import type { AccountReport } from './verify-account.ts'
import { shownLines } from './shown-text.ts'

/** One line for each check, and the verdict. */
export function reportText(report: Report): string {
  return text([...checkLines(report), '', verdict(report)])
}

/** With what the receipt shows, when it is proved. */
export function receiptText(report: ReceiptReport): string {
  const { shown, hidden } = report
  const lines = shown === undefined ? [] : shownLines(shown)
  const width = Math.max(0, ...lines.map(([label]) => label.length))
  return text([
    ...checkLines(report),
    ...(lines.length === 0 ? [] : ['', 'What it shows:']),
    ...lines.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`),
    ...(hidden.length === 0 ? [] : ['', `It does not show ${hidden.join(', ')}.`]),
    '',
    verdict(report),
  ])
}

/** With the statement, when it is proved. */
export function accountText(report: AccountReport): string {
  const { said, proved } = report
  const lines = proved && said !== undefined ? statementLines(statementView(said)) : []
  return text([...checkLines(report), ...lines, '', verdict(report)])
}

function statementLines({ rows, ...view }: StatementView): string[] {
  const cells = rows.map(({ number, date, what, party, amount, balance }) => [
    ...[`${number}`, date, amount, balance, `${what} ${party}`.trim()],
  ])
  const widths = [0, 1, 2, 3].map((at) =>
    Math.max(0, ...cells.map((row) => (row[at] ?? '').length)),
  )
  const { account, asset, period, opening, closing } = view
  return [
    ...['', `${account}, ${asset}, ${period}:`, `  opening balance ${opening}`],
    ...cells.map((row) => `  ${row.map((cell, at) => cell.padStart(widths[at] ?? 0)).join('  ')}`),
    `  closing balance ${closing}`,
  ]
}

/** With what the events come to, and what was not checked. */
export function logText(report: LogReport): string {
  const unchecked = report.unchecked.map((sentence) => `  ${sentence}`)
  const replayed = report.replayed === undefined ? [] : ['', ...replayedLines(report.replayed)]
  const lines = [...checkLines(report), ...replayed, '', 'Not checked:', ...unchecked]
  return text([...lines, '', verdict(report)])
}

function replayedLines({ events, accounts, openHolds, assets }: Replayed): string[] {
  const holds = openHolds === 1 ? '1 open hold' : `${grouped(openHolds)} open holds`
  return [
    `What the ${counted(events)} come to: ${grouped(accounts)} accounts and ${holds}.`,
    ...assets.map((sums) => {
      const debits = `debits ${grouped(sums.debitsPosted)} posted and ${grouped(sums.debitsPending)} pending`
      const credits = `credits ${grouped(sums.creditsPosted)} and ${grouped(sums.creditsPending)}`
      return `  asset ${sums.asset}: ${grouped(sums.accounts)} accounts, ${debits}, ${credits}`
    }),
  ]
}

function checkLines({ checks }: Report): string[] {
  return checks.map(({ holds, sentence }) => `${holds ? 'ok   ' : 'WRONG'}  ${sentence}`)
}

function verdict({ proved, checks }: Report): string {
  if (proved) return 'PROVED'
  const wrong = checks.filter(({ holds }) => !holds).length
  return `NOT PROVED: ${wrong} of ${checks.length} checks failed`
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${printable(line)}\n`).join('')
}
