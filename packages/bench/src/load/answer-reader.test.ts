import { expect, test } from 'vitest'
import { AnswerReader } from './answer-reader.ts'

/** What the reader says after each piece. */
const read = (...pieces: string[]): (string | undefined)[] => {
  const reader = new AnswerReader()
  return pieces.map((piece) => {
    const answer = reader.push(Buffer.from(piece))
    return answer === undefined ? undefined : `${answer.status} ${answer.body.toString()}`
  })
}

const HEAD = 'HTTP/1.1 201 Created\r\nContent-Length: 5\r\n'

test('an answer in one piece', () => {
  expect(read(`${HEAD}\r\nhello`)).toEqual(['201 hello'])
})

test('an answer in pieces, cut anywhere', () => {
  expect(read('HTTP/1.1 20', '1 Created\r\ncontent-length: 5\r', '\n\r', '\nhel', 'lo')).toEqual([
    ...[undefined, undefined, undefined, undefined],
    '201 hello',
  ])
})

test('answers one after the other', () => {
  expect(read(`${HEAD}\r\nfirst`, `${HEAD}\r\nagain`)).toEqual(['201 first', '201 again'])
})

test('an answer in chunks, one of which looks like the end', () => {
  const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
  expect(read(head, '3\r\nabc\r\n', '7\r\n0\r\n\r\n', 'xy\r\n', '0\r\n\r\n')).toEqual([
    ...[undefined, undefined, undefined, undefined],
    '200 abc0\r\n\r\nxy',
  ])
})

test('an answer without a body', () => {
  expect(read('HTTP/1.1 204 No Content\r\n\r\n')).toEqual(['204 '])
})

test('bytes that nobody asked for are an error', () => {
  expect(() => read(`${HEAD}\r\nhello!`)).toThrow('more bytes')
})
