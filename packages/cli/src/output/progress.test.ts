import { expect, test } from 'vitest'
import { bar, leftText, ProgressLine, progressText, rateText } from './progress.ts'

test('a bar fills from the left, and never over its end', () => {
  expect(bar(0, 4)).toBe('░'.repeat(20))
  expect(bar(2, 4)).toBe('█'.repeat(10) + '░'.repeat(10))
  expect(bar(9, 4)).toBe('█'.repeat(20))
  expect(bar(0, 0)).toBe('█'.repeat(20))
})

test('a rate has two digits that say something', () => {
  expect([61_234, 61.9, 7, 0, 1_234_567].map(rateText)).toEqual([
    '61,000',
    '62',
    '7',
    '0',
    '1,200,000',
  ])
})

test('time left is seconds, minutes or hours', () => {
  expect([0.2, 59, 61, 3_725].map(leftText)).toEqual([
    '1 s left',
    '59 s left',
    '1:01 min left',
    '1:02 h left',
  ])
})

test('progress says how far, how fast and how long still', () => {
  const progress = { done: 20_000, total: 40_000, seconds: 1, unit: 'rows' }
  expect(progressText(progress)).toBe(
    '20,000 of 40,000 rows  ██████████░░░░░░░░░░  20,000 rows/s   1 s left',
  )
  expect(progressText({ ...progress, total: undefined })).toBe('20,000 rows  20,000 rows/s')
})

test('a line is drawn over itself on a terminal, ten times a second at most', () => {
  const written: string[] = []
  let now = 0
  const line = new ProgressLine({ write: (text) => written.push(text), columns: 12 }, () => now)
  line.draw(() => 'one')
  line.draw(() => 'too soon')
  now = 100
  line.draw(() => 'longer than the terminal')
  line.clear()
  expect(written).toEqual(['\r\u001b[2Kone', '\r\u001b[2Klonger than', '\r\u001b[2K'])
})

test('without a terminal nothing is drawn', () => {
  const line = new ProgressLine(undefined)
  line.draw(() => {
    throw new Error('nobody looks')
  })
  line.clear()
})
