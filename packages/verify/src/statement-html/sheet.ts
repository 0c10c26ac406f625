/**
 * What stands on a statement's page: every text that the document or the keys say has its name, so that the page's script and
 * `tally-verify` can hold it against the proof. Made anew from the same document it is the same, to the byte.
 */
import type { PolicyOptions } from '../policy.ts'
import {
  fingerprint,
  quorumText,
  statementView,
  type StatementRow,
  type StatementView,
} from '../statement-view.ts'
import type { SaidAccount } from '../verify-account.ts'
import { BRAND, SEALS } from './pictures.ts'

/** Of the page's layout: another one is not compared to the byte. */
export const SHEET_VERSION = 1

/** The element `main`. */
export function sheetOf(said: SaidAccount, trust: PolicyOptions): string {
  const view = statementView(said)
  return `<main>
${headOf(view)}
${VERDICT}
${sumsOf(view)}
${foldOf(view, 'before')}${tableOf(view)}
${foldOf(view, 'after')}${meaningOf(said, view)}
${keysOf(view, trust)}
<footer><p class="paper">On paper this is a copy like any other: the proof is in the file.</p></footer>
</main>`
}

export function escaped(text: string): string {
  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' } as const
  return text.replaceAll(/[&<>"']/g, (character) => entities[character as keyof typeof entities])
}

/** A text that is compared with what the document proves. */
function shows(name: string, text: string, tag = 'span', style = ''): string {
  const named = style === '' ? '' : ` class="${style}"`
  return `<${tag}${named} data-shows="${name}">${escaped(text)}</${tag}>`
}

function headOf({ account, asset, entries, origin, period }: StatementView): string {
  const fact = (label: string, name: string, text: string): string =>
    `<div><dt>${label}</dt>${shows(name, text, 'dd')}</div>`
  return `<header>
<p class="brand">${BRAND}${shows('origin', origin)}</p>
<p class="kind">Statement of account</p>
${shows('account', account, 'h1')}
<dl class="facts">${fact('Period, UTC', 'period', period)}${fact('Currency', 'asset', asset)}${fact('Entries', 'entries', entries)}</dl>
</header>`
}

const VERDICT = `<section id="verdict" role="status" data-state="waiting" aria-label="Verdict">${SEALS}<div id="said"><strong>Not checked</strong>
<p>This page checks itself when it is opened in a browser with scripts. Until then, and on paper, it is a claim like any other.</p></div></section>`

function sumsOf({ opening, moneyIn, moneyOut, closing, held }: StatementView): string {
  const sum = (label: string, name: string, text: string): string =>
    `<div><dt>${label}</dt>${shows(name, text, 'dd')}</div>`
  const announced = held === undefined ? '' : `\n<p class="small">${shows('held', held)}</p>`
  return `<dl class="sums">${sum('Opening balance', 'opening', opening)}${sum('Debits', 'moneyOut', moneyOut)}${sum('Credits', 'moneyIn', moneyIn)}${sum('Closing balance', 'closing', closing)}</dl>${announced}`
}

const HEADINGS = [
  ['Date', ''],
  ['Description', ''],
  ['Debit', ' class="number"'],
  ['Credit', ' class="number"'],
  ['Balance', ' class="number"'],
]
const TABLE_HEAD = `<thead><tr>${HEADINGS.map(([label, style]) => `<th scope="col"${style}>${label}</th>`).join('')}</tr></thead>`

function tableOf({ rows, opening, closing, moneyIn, moneyOut }: StatementView): string {
  const inside = rows.filter(({ part }) => part === 'period').map(rowOf)
  const start = `<tr class="edge" data-edge><td class="date"></td><td class="what">Opening balance</td><td class="debit"></td><td class="credit"></td>${shows('opening.row', opening, 'td', 'number balance')}</tr>`
  const end = `<tr class="edge" data-edge><td class="date"></td><td class="what">Closing balance</td>${shows('moneyOut.row', moneyOut, 'td', 'number debit')}${shows('moneyIn.row', moneyIn, 'td', 'number credit')}${shows('closing.row', closing, 'td', 'number balance')}</tr>`
  return `<table><caption>Entries of the period</caption>${TABLE_HEAD}
<tbody>
${[start, ...inside, end].join('\n')}
</tbody></table>`
}

/** Entries that the proof needs, and that nobody asked for. */
function foldOf({ rows }: StatementView, part: 'before' | 'after'): string {
  const folded = rows.filter((row) => row.part === part)
  if (folded.length === 0) return ''
  const entries = folded.length === 1 ? '1 entry' : `${folded.length} entries`
  return `<details class="fold"><summary>${entries} ${part} the period, which the proof needs</summary>
<table><caption>Entries ${part} the period</caption>${TABLE_HEAD}
<tbody>
${folded.map(rowOf).join('\n')}
</tbody></table></details>
`
}

function rowOf(row: StatementRow): string {
  const { number, direction, isPosted } = row
  const text = (name: 'number' | 'date' | 'party' | 'what' | 'note', style: string): string =>
    shows(`entry.${number}.${name}`, `${row[name]}`, 'span', style)
  const money = (name: 'debit' | 'credit' | 'balance'): string =>
    shows(`entry.${number}.${name}`, row[name], 'td', `number ${name}`)
  return `<tr data-entry="${number}" class="${isPosted ? direction : 'held'}"><td class="date">${text('date', 'day')}<span class="small">no. ${text('number', 'no')}</span></td><td class="what">${text('party', 'party')}${text('what', 'small')}${text('note', 'small')}</td>${money('debit')}${money('credit')}${money('balance')}</tr>`
}

function meaningOf({ isAssetProved }: SaidAccount, { coverage }: StatementView): string {
  const asset = isAssetProved
    ? ''
    : '\n<li>That the amounts are of the currency named above, with its decimals: the log knows it by a number.</li>'
  return `<section class="meaning"><div><h2>What the green seal proves</h2>
<ul><li>Whoever holds the key below signed a history in which each of these entries happened, with these amounts and balances.</li>
<li>No entry of this account is missing between the first and the last one, and the balances follow from the amounts.</li>
<li>That is so ${shows('coverage', coverage)}.</li></ul></div>
<div><h2>What it does not prove</h2>
<ul><li>That the key is the ledger’s. A file can bring any key: compare it, below, with one that you got from elsewhere.</li>
<li>That this page is honest: whoever made the file made its script too. If it did not come from somebody you trust, run <code>tally-verify account FILE --key KEY</code> on your own machine.</li>
<li>That a payment was right, or who owns the account.</li>${asset}</ul></div></section>`
}

function keysOf({ log }: StatementView, trust: PolicyOptions): string {
  const keys = trust.keys.map(
    (key, at) =>
      `<dt>Key of the log</dt><dd>${shows(`key.${at}`, key, 'code')}</dd>\n<dt>Its fingerprint: SHA-256 of that line</dt><dd>${shows(`fingerprint.${at}`, fingerprint(key), 'code')}</dd>`,
  )
  const witnesses = (trust.witnesses ?? []).map(
    (key, at) => `<dt>Key of a witness</dt><dd>${shows(`witness.${at}`, key, 'code')}</dd>`,
  )
  return `<section id="keys"><h2>Who signed</h2>
<dl><dt>Log</dt><dd>${shows('log', log)}</dd>
${[...keys, ...witnesses].join('\n')}</dl>
<p>${shows('quorum', quorumText(trust))}</p>
<div class="compare"><label for="given">The ledger’s key, or its fingerprint, as you got it from elsewhere: a contract, the ledger’s own site, a call</label>
<div><input id="given" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="name+id+key, or 64 hex digits"><button type="button" id="compare">Compare</button></div>
<p id="compared" role="status"></p></div>
<details><summary>What this page checked</summary><ul id="checks"></ul></details></section>`
}
