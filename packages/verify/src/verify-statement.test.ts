import { expect, test } from 'vitest'

import { TestMonth } from './account-proof.fixture.ts'
import { confirmKey } from './key-comparison.ts'
import { ORIGIN, TestSigner } from './log.fixture.ts'
import { trustPolicy } from './policy.ts'
import { statementHtml, StatementRefused } from './statement-html/statement-html.ts'
import { fingerprint } from './statement-view.ts'
import { SignatureType } from './verifier-key.ts'
import { verifyStatement } from './verify-statement.ts'

const signer = new TestSigner(ORIGIN, SignatureType.ed25519)
const stranger = new TestSigner(ORIGIN, SignatureType.ed25519)
const witness = new TestSigner('w1.example', SignatureType.cosignature)
const trust = { keys: [signer.vkey], witnesses: [witness.vkey] }
const policy = trustPolicy(trust)
const document = JSON.stringify(new TestMonth().document([signer, witness]))
const verifier = 'export const none = 0'
const html = await statementHtml({ document, trust, verifier })

/** What is said of the page, when all else holds. */
async function pageOf(text: string, own?: string): Promise<[boolean, string]> {
  const { proved, checks } = await verifyStatement(text, policy, own)
  const page = checks.filter(({ name }) => name === 'page')
  expect(checks.filter(({ name, holds }) => name !== 'page' && !holds)).toEqual([])
  return [proved, page.map(({ sentence }) => sentence).join(' ')]
}

function changed(from: string | RegExp, to: string): string {
  const text = html.replace(from, () => to)
  expect(text).not.toBe(html)
  return text
}

test('a page is what is made of its proof, to the byte, with a script that is known or not', async () => {
  const known = 'to the byte, and its script is the one of this tally-verify.'
  expect(await pageOf(html, verifier)).toEqual([true, expect.stringContaining(known)])
  const unknown = 'to the byte but for its script, which was not compared'
  expect(await pageOf(html)).toEqual([true, expect.stringContaining(unknown)])
  expect(await pageOf(html, 'another')).toEqual([true, expect.stringContaining(unknown)])
})

test('a text that is altered, missing, or there twice is told', async () => {
  for (const [from, to, sentence] of [
    ['>1,180.00<', '>1,130.00<', 'Entry no. 4: the debit shows “1,130.00”, but “1,180.00” is'],
    ['>EUR<', '>USD<', 'The currency shows “USD”, but “EUR” is proved.'],
    [/<tr data-entry="6".*?<\/tr>\n/, '', 'Entry no. 6: the number is missing in the page: “6”'],
    [
      '<footer>',
      '<p data-shows="opening">1,454.50</p><footer>',
      'opening balance stands there twice',
    ],
  ] as const) {
    expect(await pageOf(changed(from, to), verifier)).toEqual([
      false,
      expect.stringContaining(sentence),
    ])
  }
})

test('a page that shows something besides its texts was rearranged', async () => {
  for (const [from, to] of [
    ['<body>', '<body><p>Balance: 9,999.00</p>'],
    ['<h2>What it does', '<h2>What it also does'],
    ['</body>\n', '<script>document.body.innerText = "9,999.00"</script></body>\n'],
    ['</style>', 'h1 { display: none; }</style>'],
    ["default-src 'none'", "default-src 'self'"],
    ['const none = 0', 'const none = 0</script><main>9,999.00</main><script>'],
    ['const none = 0', 'const none = 1'],
    ['</html>\n', '</html>\n<p>9,999.00</p>'],
  ] as const) {
    expect(await pageOf(changed(from, to), verifier)).toEqual([
      false,
      expect.stringContaining('the page was rearranged'),
    ])
  }
})

test('a whole page in a comment does not vouch for the one around it', async () => {
  const inner = html.slice(html.indexOf('<head>'), html.indexOf('</html>'))
  const text = `<!doctype html>\n<html lang="en">\n<!--${inner.replaceAll('-->', '')}-->\n<p>9,999.00</p></html>\n`
  expect((await pageOf(text, verifier))[0]).toBe(false)
})

test('a page of another layout, or with other keys, is not believed', async () => {
  expect(await pageOf(changed('sheet 1"', 'sheet 2"'))).toEqual([
    false,
    expect.stringContaining('The page has layout 2, not 1: what it shows was not compared.'),
  ])
  const both = { ...trust, keys: [signer.vkey, stranger.vkey] }
  const page = await statementHtml({ document, trust: both, verifier })
  expect(await pageOf(page)).toEqual([
    false,
    expect.stringContaining('The page checks with another key than those that you gave.'),
  ])
  const none = changed(/id="trust">[^<]*</, 'id="trust">{}<')
  expect(await pageOf(none)).toEqual([false, expect.stringContaining('does not say with which')])
})

test('no page is made of a proof that does not hold', async () => {
  const altered = document.replace('"side":"credit"', '"side":"debit"')
  await expect(statementHtml({ document: altered, trust, verifier })).rejects.toThrow(
    StatementRefused,
  )
})

test('a key or a fingerprint that was given by somebody else is compared', async () => {
  const print = fingerprint(signer.vkey)
  for (const text of [
    signer.vkey,
    ` ${signer.vkey}\n`,
    print,
    print.replaceAll(' ', '').toUpperCase(),
  ]) {
    expect(await confirmKey(document, trust, text)).toMatchObject({ isSame: true, isKey: true })
  }
  for (const text of [stranger.vkey, fingerprint(stranger.vkey)]) {
    expect(await confirmKey(document, trust, text)).toMatchObject({ isSame: false, isKey: true })
  }
  for (const text of ['', 'no key', print.slice(1), `${signer.vkey.slice(0, -4)}AAA=`]) {
    expect(await confirmKey(document, trust, text)).toMatchObject({ isSame: false, isKey: false })
  }
})
