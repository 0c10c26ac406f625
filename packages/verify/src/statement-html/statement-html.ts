/**
 * A statement as one file that carries its proof and checks itself: the texts that the document proves, the document, the keys, and the
 * verifier. It loads nothing, and its policy lets it load nothing.
 */
import { toBase64 } from '../bytes.ts'
import { type PolicyOptions, trustPolicy } from '../policy.ts'
import { sha256 } from '../sha256.ts'
import {
  fingerprint,
  statementView,
  type StatementRow,
  type StatementView,
} from '../statement-view.ts'
import { verifyAccountProof } from '../verify-account.ts'
import { PAGE_SCRIPT } from './page-script.ts'
import { PAGE_STYLE } from './page-style.ts'

export interface StatementPage {
  /** An account proof, as JSON. */
  readonly document: string
  /** Keys that the page checks with; whoever reads it compares them. */
  readonly trust: PolicyOptions
  /** The verifier for browsers, browser/tally-verify.js. */
  readonly verifier: string
}

/** A document that does not hold: no page is made of it. The message says why. */
export class StatementRefused extends Error {
  override readonly name = 'StatementRefused'
}

/**
 * HTML in UTF-8.
 * @throws StatementRefused, MalformedKey, MalformedPolicy, AmbiguousKeys, Ed25519Missing
 */
export async function statementHtml({ document, trust, verifier }: StatementPage): Promise<string> {
  const { proved, checks, said } = await verifyAccountProof(document, trustPolicy(trust))
  if (!proved || said === undefined) {
    const wrong = checks.filter(({ holds }) => !holds).map(({ sentence }) => sentence)
    throw new StatementRefused(`The proof does not hold: ${wrong.join(' ')}`)
  }
  const view = statementView(said)
  // In a block of its own, so that no name of the one is taken by the other.
  const script = inScript(`${verifier}\n{${PAGE_SCRIPT}}\n`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Statement of ${escaped(view.account)}, ${escaped(view.period)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
${headOf(view)}
${VERDICT}
${sumsOf(view)}
${foldOf(view, 'before')}
${tableOf(view)}
${foldOf(view, 'after')}
${boxOf(view, { trust, isAssetProved: said.isAssetProved })}
</main>
<script type="application/json" id="proof">${inJson(document)}</script>
<script type="application/json" id="trust">${inJson(JSON.stringify(trust))}</script>
<script type="module">${script}</script>
</body>
</html>
`
}

/** Only this style and this script: what is slipped in does not run, and a changed script does not run either. */
function policyOf(script: string): string {
  const own = `style-src ${hashOf(PAGE_STYLE)}; script-src ${hashOf(script)}`
  return `default-src 'none'; ${own}; base-uri 'none'; form-action 'none'`
}

function hashOf(text: string): string {
  return `'sha256-${toBase64(sha256(new TextEncoder().encode(text)))}'`
}

/** The same script, without what would end or nest an element. */
function inScript(text: string): string {
  return text.replaceAll('</', '<\\/').replaceAll('<!--', '<\\!--')
}

/** The same JSON: outside of its strings it has no such character. */
function inJson(text: string): string {
  return text.replaceAll('<', '\\u003c')
}

function escaped(text: string): string {
  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' } as const
  return text.replaceAll(/[&<>"']/g, (character) => entities[character as keyof typeof entities])
}

/** A text that the script compares with what the document proves. */
function shows(name: string, text: string, tag = 'span', style = ''): string {
  const named = style === '' ? '' : ` class="${style}"`
  return `<${tag}${named} data-shows="${name}">${escaped(text)}</${tag}>`
}

const VERDICT = `<section id="verdict" role="status" data-state="waiting"><strong>Not checked</strong>
<p>This page checks itself when it is opened in a browser with scripts. Until then, and on paper, it is a claim like any other.</p></section>`

function headOf({ account, asset, period }: StatementView): string {
  return `<header><p>Statement of account</p>
${shows('account', account, 'h1')}
<p>${shows('period', period)} (UTC) · amounts in ${shows('asset', asset)}</p></header>`
}

function sumsOf({ opening, moneyIn, moneyOut, closing, held }: StatementView): string {
  const sum = (label: string, name: string, text: string): string =>
    `<div><dt>${label}</dt>${shows(name, text, 'dd')}</div>`
  const announced = held === undefined ? '' : `<p class="small">${shows('held', held)}</p>\n`
  return `<dl class="sums">${sum('Opening balance', 'opening', opening)}${sum('Money in', 'moneyIn', moneyIn)}${sum('Money out', 'moneyOut', moneyOut)}${sum('Closing balance', 'closing', closing)}</dl>
${announced}`
}

const TABLE_HEAD =
  '<thead><tr><th scope="col">Date</th><th scope="col">Entry</th><th scope="col" class="number">Amount</th><th scope="col" class="number">Balance</th></tr></thead>'

function tableOf({ rows, opening, closing }: StatementView): string {
  const inside = rows.filter(({ part }) => part === 'period').map(rowOf)
  const body = [
    edge('Opening balance', 'opening.row', opening),
    ...inside,
    edge('Closing balance', 'closing.row', closing),
  ]
  return `<table>${TABLE_HEAD}\n<tbody>\n${body.join('\n')}\n</tbody></table>`
}

function edge(label: string, name: string, text: string): string {
  return `<tr class="edge" data-edge><td class="date"></td><td class="what">${label}</td><td class="number amount"></td>${shows(name, text, 'td', 'number balance')}</tr>`
}

/** Entries that the proof needs, and that nobody asked for. */
function foldOf({ rows }: StatementView, part: 'before' | 'after'): string {
  const folded = rows.filter((row) => row.part === part)
  if (folded.length === 0) return ''
  const entries = folded.length === 1 ? '1 entry' : `${folded.length} entries`
  return `<details><summary>${entries} ${part} the period, which the proof needs</summary>
<table>${TABLE_HEAD}\n<tbody>\n${folded.map(rowOf).join('\n')}\n</tbody></table></details>`
}

function rowOf(row: StatementRow): string {
  const { number, direction, isPosted } = row
  const text = (name: 'number' | 'date' | 'party' | 'what' | 'note', style: string): string =>
    shows(`entry.${number}.${name}`, `${row[name]}`, 'span', style)
  const money = (name: 'amount' | 'balance'): string =>
    shows(`entry.${number}.${name}`, row[name], 'td', `number ${name}`)
  return `<tr data-entry="${number}" class="${isPosted ? direction : 'held'}"><td class="date">${text('date', 'day')}<span class="small">no. ${text('number', 'no')}</span></td><td class="what">${text('party', 'party')}${text('what', 'small')}${text('note', 'small')}</td>${money('amount')}${money('balance')}</tr>`
}

interface BoxFacts {
  readonly trust: PolicyOptions
  readonly isAssetProved: boolean
}

function boxOf(view: StatementView, { trust, isAssetProved }: BoxFacts): string {
  const keys = trust.keys.map(
    (key, at) =>
      `<dt>Key of the log</dt><dd>${shows(`key.${at}`, key, 'code')}</dd><dt>Its fingerprint (SHA-256 of that line)</dt><dd>${shows(`fingerprint.${at}`, fingerprint(key), 'code')}</dd>`,
  )
  const witnesses = (trust.witnesses ?? []).map(
    (key, at) => `<dt>Witness</dt><dd>${shows(`witness.${at}`, key, 'code')}</dd>`,
  )
  const asset = isAssetProved
    ? ''
    : '<li>That the amounts are of the asset named above, with its number of decimals: the log knows it by a number.</li>'
  return `<section class="box"><h2>What a green mark proves</h2>
<ul><li>The ledger that holds the key below signed a history in which each of these entries happened, with these amounts and balances.</li>
<li>No entry of this account is missing between the first and the last one, and the balances follow from the amounts.</li>
<li>Complete ${shows('coverage', view.coverage)}.</li></ul>
<h2>What it does not prove</h2>
<ul><li>That the key is the ledger’s: compare it with one that you got from elsewhere.</li>
<li>That this page is honest: whoever made the file made its script too. If you did not get it from the ledger itself, run <code>tally-verify account FILE --key KEY</code>.</li>
<li>That a payment was right, or who owns the account. Anything after the last entry’s state.</li>${asset}</ul>
<h2>Who signed</h2>
<dl><dt>Log</dt><dd>${shows('log', view.log)}</dd>${keys.join('')}${witnesses.join('')}</dl>
<p>${quorumText(trust)}</p>
<details><summary>What this page checked</summary><ul id="checks"></ul></details></section>`
}

function quorumText({ witnesses = [], quorum = witnesses.length }: PolicyOptions): string {
  if (quorum === 0) {
    return 'No witness is asked for: the ledger alone says that it shows everybody the same history.'
  }
  return `${quorum} of ${witnesses.length} witnesses have to have cosigned the history: they sign only one.`
}
