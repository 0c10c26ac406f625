/**
 * A statement's page, checked by somebody who does not trust its script: the proof inside, and then the page around it, which is made
 * anew and compared. A page whose proof holds may still show other digits.
 */
import { toHex } from './bytes.ts'
import type { TrustPolicy } from './open-checkpoint.ts'
import { type PolicyOptions, trustPolicy } from './policy.ts'
import { Checklist } from './report.ts'
import { SHEET_VERSION } from './statement-html/sheet.ts'
import { inScript, pageOf, scriptOf } from './statement-html/statement-html.ts'
import { pageFaults, type ShownText } from './statement-page.ts'
import { type AccountReport, type SaidAccount, verifyAccountProof } from './verify-account.ts'

/** `[^<]`: in JSON that stands in a page, this character is always escaped. */
const PROOF_IN_PAGE = /<script type="application\/json" id="proof">([^<]*)<\/script>/
const TRUST_IN_PAGE = /<script type="application\/json" id="trust">([^<]*)<\/script>/
const MODULE = '<script type="module">'
const SHOWN = /data-shows="([^"]*)">([^<]*)(?=<)/g
const VERSION = /<meta name="generator" content="tally-verify, sheet ([0-9]+)">/

/** The document inside of a page. @returns undefined when the text is no such page */
export function embeddedProof(page: string): string | undefined {
  return PROOF_IN_PAGE.exec(page)?.[1]
}

/**
 * The checks of the proof inside, and `page`: the file is what is made of that proof, and the keys that it shows are the policy's. Its
 * script is not run: this verifier does its work.
 * @param text a page, or a document alone
 * @param verifier the file for browsers of this version; without it nothing is said of the page's script
 * @throws AmbiguousKeys, Ed25519Missing: then nothing can be said
 */
export async function verifyStatement(
  text: string,
  policy: TrustPolicy,
  verifier?: string,
): Promise<AccountReport> {
  const proof = embeddedProof(text)
  if (proof === undefined) return verifyAccountProof(text, policy)
  const report = await verifyAccountProof(proof, policy)
  const { said } = report
  if (said === undefined) return report
  const list = new Checklist()
  const trust = trustIn(text)
  if (trust === undefined) {
    list.fail('page', 'The page does not say with which keys it checks.')
  } else {
    checkKeys(list, trust, policy)
    checkPage(list, { text, proof, trust, said, report, verifier })
  }
  const checks = [...report.checks, ...list.checks]
  return { proved: report.proved && list.proved, checks, said }
}

function trustIn(text: string): PolicyOptions | undefined {
  try {
    const trust = JSON.parse(TRUST_IN_PAGE.exec(text)?.[1] ?? '') as PolicyOptions
    trustPolicy(trust)
    return trust
  } catch {
    return undefined
  }
}

/** A reader may copy a key from the page: it has to be one that he trusts already. */
function checkKeys(list: Checklist, trust: PolicyOptions, { logKeys }: TrustPolicy): void {
  const known = new Set(logKeys.map(({ publicKey }) => toHex(publicKey)))
  const isStrange = trustPolicy(trust).logKeys.some(({ publicKey }) => !known.has(toHex(publicKey)))
  if (isStrange) list.fail('page', 'The page checks with another key than those that you gave.')
}

interface Page {
  readonly text: string
  readonly proof: string
  readonly trust: PolicyOptions
  readonly said: SaidAccount
  readonly report: AccountReport
  readonly verifier: string | undefined
}

function checkPage(list: Checklist, page: Page): void {
  const { text, trust, report } = page
  const version = VERSION.exec(text)?.[1]
  if (version !== `${SHEET_VERSION}`) {
    const of = version === undefined ? 'no known layout' : `layout ${version}, not ${SHEET_VERSION}`
    list.fail(
      'page',
      `The page has ${of}: what it shows was not compared. Check the proof inside alone, or take the tally-verify of that version.`,
    )
    return
  }
  const told = new Set(report.checks.map(({ sentence }) => sentence))
  const script = scriptIn(text)
  const seen = { shown: shownIn(text), isAsMade: isAsMade(page, script) }
  const faults = pageFaults(report, trust, seen).filter(({ sentence }) => !told.has(sentence))
  for (const { sentence } of faults) list.fail('page', sentence)
  if (faults.length === 0 && report.proved) tellPage(list, page, script)
}

/** The last script of the file; '' where there is none. */
function scriptIn(text: string): string {
  const start = text.indexOf(MODULE, TRUST_IN_PAGE.exec(text)?.index)
  const end = text.lastIndexOf('</script>')
  return start < 0 || end < start ? '' : text.slice(start + MODULE.length, end)
}

/** A script that could end its element early would bring a page of its own. */
function isAsMade({ text, proof: document, trust, said }: Page, script: string): boolean {
  return script === inScript(script) && text === pageOf({ document, trust, said, script })
}

function shownIn(text: string): ShownText[] {
  const sheet = text.slice(0, PROOF_IN_PAGE.exec(text)?.index)
  return [...sheet.matchAll(SHOWN)].map(([, name = '', inside = '']) => ({
    name,
    text: unescaped(inside),
  }))
}

function tellPage(list: Checklist, { verifier }: Page, script: string): void {
  const isKnown = verifier !== undefined && script === scriptOf(verifier)
  const but = isKnown
    ? ', and its script is the one of this tally-verify'
    : ' but for its script, which was not compared: a browser may show what the script likes, the lines below do not'
  list.pass('page', `The file is what is made of its proof, to the byte${but}.`)
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" } as const

function unescaped(text: string): string {
  return text.replaceAll(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ENTITIES[name as keyof typeof ENTITIES],
  )
}
