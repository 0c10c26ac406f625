import { expect, test } from 'vitest'

import { parseProofText } from './proof-text.ts'

const HASH = 'gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ='

/** From c2sp.org/tlog-proof, with its signatures as they are printed there. */
const EXAMPLE = `c2sp.org/tlog-proof@v1
extra YWdlLXYx
index 73894
${HASH}
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=

example.com/fancylog
109482
sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

— example.com/fancylog hI2DJw
`

test('a proof in the published form', () => {
  const { extra, index, proof, checkpoint } = parseProofText(EXAMPLE)
  expect(new TextDecoder().decode(extra)).toBe('age-v1')
  expect(index).toBe(73_894n)
  expect(proof.map((hash) => hash.toBase64())).toEqual([
    HASH,
    'B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=',
  ])
  expect(checkpoint).toBe(EXAMPLE.slice(EXAMPLE.indexOf('example.com')))
})

test('extra data and hashes may be absent', () => {
  expect(parseProofText('c2sp.org/tlog-proof@v1\nindex 0\n\nnote')).toEqual({
    extra: undefined,
    index: 0n,
    proof: [],
    checkpoint: 'note',
  })
})

test.each([
  ['No empty line', ''],
  ['No empty line', 'c2sp.org/tlog-proof@v1\nindex 0\n'],
  ['Line 1 is not c2sp.org', 'c2sp.org/tlog-proof@v2\nindex 0\n\nnote'],
  ['Line 1 is not c2sp.org', 'c2sp.org/tlog-proof@v1\r\nindex 0\n\nnote'],
  ['The extra data in line 2', 'c2sp.org/tlog-proof@v1\nextra YQ\nindex 0\n\nnote'],
  ['Line 2 is not "index"', 'c2sp.org/tlog-proof@v1\n\nnote'],
  ['Line 2 is not "index"', 'c2sp.org/tlog-proof@v1\nindex 01\n\nnote'],
  ['Line 2 is not "index"', 'c2sp.org/tlog-proof@v1\nindex -1\n\nnote'],
  ['Line 3 is not "index"', 'c2sp.org/tlog-proof@v1\nextra YQ==\nextra YQ==\nindex 0\n\nnote'],
  ['Line 4 is not a hash', `c2sp.org/tlog-proof@v1\nindex 0\n${HASH}\nYQ==\n\nnote`],
  ['Line 4 is not a hash', `c2sp.org/tlog-proof@v1\nextra YQ==\nindex 0\n${HASH} \n\nnote`],
  ['The proof has 64 hashes', `c2sp.org/tlog-proof@v1\nindex 0\n${`${HASH}\n`.repeat(64)}\nnote`],
  ['The text is too long', `c2sp.org/tlog-proof@v1\nindex 0\n\n${'x'.repeat(2_000_000)}`],
])('%s …: refused', (problem, text) => {
  expect(() => parseProofText(text)).toThrow(problem)
})
