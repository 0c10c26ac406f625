/**
 * A statement as one file that carries its proof and checks itself: the texts that the document proves, the document, the keys, and the
 * verifier. It loads nothing, and its policy lets it load nothing.
 */
import { toBase64 } from '../bytes.ts'
import { type PolicyOptions, trustPolicy } from '../policy.ts'
import { sha256 } from '../sha256.ts'
import { statementView } from '../statement-view.ts'
import { type SaidAccount, verifyAccountProof } from '../verify-account.ts'
import { PAGE_SCRIPT } from './page-script.ts'
import { PAGE_STYLE } from './page-style.ts'
import { escaped, SHEET_VERSION, sheetOf } from './sheet.ts'

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
  return pageOf({ document, trust, said, script: scriptOf(verifier) })
}

/** What stands in the module. A block of its own, so that no name of the one is taken by the other. */
export function scriptOf(verifier: string): string {
  return inScript(`${verifier}\n{${PAGE_SCRIPT}}\n`)
}

export interface PageParts {
  readonly document: string
  readonly trust: PolicyOptions
  /** What the document says. */
  readonly said: SaidAccount
  readonly script: string
}

/** The file, whatever the script does. Of the same parts it is the same, to the byte. */
export function pageOf({ document, trust, said, script }: PageParts): string {
  const { account, period } = statementView(said)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="tally-verify, sheet ${SHEET_VERSION}">
<title>Statement of ${escaped(account)}, ${escaped(period)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
${sheetOf(said, trust)}
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

/** The same script, without what would end or nest its element: both can stand in strings and patterns only, where `\\` changes nothing. */
export function inScript(text: string): string {
  return text.replaceAll(/<\/(?=script)/gi, '<\\/').replaceAll('<!--', '<\\!--')
}

/** The same JSON: outside of its strings it has no such character. */
function inJson(text: string): string {
  return text.replaceAll('<', '\\u003c')
}
