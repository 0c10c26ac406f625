import { expect, test } from 'vitest'

import {
  formatNote,
  MalformedNote,
  NOTE_BYTES_MAX,
  NOTE_SIGNATURES_MAX,
  parseNote,
  parseSignatureLines,
} from './note.ts'
import {
  ARCHE_CHECKPOINT,
  EXAMPLE_NOTE,
  PETER_LINE,
  PETER_TEXT,
  POEM_NOTE,
  SOFA_CHECKPOINT,
  SUMDB_CHECKPOINT,
} from './published.fixture.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

test.each([EXAMPLE_NOTE, POEM_NOTE, SOFA_CHECKPOINT, SUMDB_CHECKPOINT, ARCHE_CHECKPOINT])(
  'a published note is written again byte for byte',
  (note) => {
    expect(formatNote(parseNote(bytesOf(note)))).toBe(note)
    expect(parseNote(note)).toEqual(parseNote(bytesOf(note)))
  },
)

test('the last empty line ends the text', () => {
  const { text, signatures } = parseNote(POEM_NOTE)
  expect(text).toContain('sole:\n\ned è subito sera.\n')
  expect(text.endsWith('sera.\n')).toBe(true)
  expect(signatures).toHaveLength(1)
  expect(signatures[0]).toMatchObject({ name: 'quasimodo.example/salvatore', keyId: 0x367ba04b })
  expect(signatures[0]?.signature).toHaveLength(64)
})

const good = `${PETER_TEXT}\n${PETER_LINE}`

test.each([
  ['nothing', ''],
  ['only a text', PETER_TEXT],
  ['no signature', `${PETER_TEXT}\n`],
  ['no empty line', PETER_TEXT + PETER_LINE],
  ['a last line without its end', good.slice(0, -1)],
  ['a line after the signatures', `${good}Unexpected line.\n`],
  ['an empty line after the signatures', `${good}\n`],
  ['a name with a space', good.replace('PeterNeumann', 'Bad Name')],
  ['a name with a plus', good.replace('PeterNeumann', 'Bad+Name')],
  ['a name with a space of Unicode', good.replace('PeterNeumann', 'Bad\u00a0Name')],
  ['no name', good.replace('PeterNeumann', '')],
  ['a hyphen for the dash', good.replace('—', '-')],
  ['two spaces', good.replace('PeterNeumann ', 'PeterNeumann  ')],
  ['a space at the end of a line', good.replace('=\n', '= \n')],
  ['a carriage return', good.replaceAll('\n', '\r\n')],
  ['a tab in the text', `\t${good}`],
  ['a control character', `\u0001${good}`],
  ['only a key id', good.replace(/x08go\S+/, 'x08gow==')],
  ['base64 without its padding', good.replace('nAM=', 'nAM')],
  ['base64 in a second spelling', good.replace('nAM=', 'nAN=')],
  ['base64 of URLs', good.replace('x08go/', 'x08go_')],
  ['half a surrogate pair', `\ud800${good}`],
  ['too many signatures', `${PETER_TEXT}\n${PETER_LINE.repeat(NOTE_SIGNATURES_MAX + 1)}`],
  ['too much text', `${'a'.repeat(NOTE_BYTES_MAX)}${good}`],
])('%s is no note', (_what, note) => {
  expect(() => parseNote(note)).toThrow(MalformedNote)
})

test('bytes that are not UTF-8 are no note, and a byte order mark is kept', () => {
  expect(() => parseNote(Uint8Array.of(0xff, ...bytesOf(good)))).toThrow(MalformedNote)
  expect(() => parseNote(Uint8Array.of(0xc0, 0xaf, ...bytesOf(good)))).toThrow(MalformedNote)
  expect(() => parseNote(new Uint8Array(NOTE_BYTES_MAX + 1))).toThrow(MalformedNote)
  expect(parseNote(bytesOf(`\ufeff${good}`)).text).toBe(`\ufeff${PETER_TEXT}`)
})

test('as many signatures as allowed are read', () => {
  const note = `${PETER_TEXT}\n${PETER_LINE.repeat(NOTE_SIGNATURES_MAX)}`
  expect(parseNote(note).signatures).toHaveLength(NOTE_SIGNATURES_MAX)
})

test('signature lines alone are read as a witness sends them', () => {
  expect(parseSignatureLines(PETER_LINE)).toEqual(parseNote(good).signatures)
  expect(parseSignatureLines('')).toEqual([])
  for (const bad of ['\n', PETER_LINE.slice(0, -1), `${PETER_LINE}\n`, `\n${PETER_LINE}`]) {
    expect(() => parseSignatureLines(bad)).toThrow(MalformedNote)
  }
})

test('what could not be read again is not written', () => {
  const { signatures } = parseNote(good)
  const [signature] = signatures
  expect(() => formatNote({ text: 'abc', signatures })).toThrow(MalformedNote)
  expect(() => formatNote({ text: 'a\tb\n', signatures })).toThrow(MalformedNote)
  expect(() => formatNote({ text: 'abc\n', signatures: [] })).toThrow(MalformedNote)
  expect(() => formatNote({ text: 'abc\n', signatures: [{ ...signature!, name: 'a b' }] })).toThrow(
    MalformedNote,
  )
  const empty = { ...signature!, signature: new Uint8Array() }
  expect(() => formatNote({ text: 'abc\n', signatures: [empty] })).toThrow(MalformedNote)
})
