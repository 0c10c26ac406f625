/** Reports as text for people. Whatever comes from a log is made harmless to the terminal. */
import type { LogReport } from './verify-log.ts'
import type { ReceiptReport } from './verify-receipt.ts'
import type { Report } from './report.ts'
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

/** With what was not checked. */
export function logText(report: LogReport): string {
  const unchecked = report.unchecked.map((sentence) => `  ${sentence}`)
  return text([...checkLines(report), '', 'Not checked:', ...unchecked, '', verdict(report)])
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

/** Controls, and characters that turn the direction of text, as their code points. */
export function printable(text: string): string {
  return text.replaceAll(
    // oxlint-disable-next-line no-control-regex -- these are what has to be found
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
