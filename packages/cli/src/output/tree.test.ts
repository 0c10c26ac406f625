import { expect, test } from 'vitest'
import { namedNodes, treeText } from './tree.ts'

test('a tree is drawn with a line per node', () => {
  const root = {
    text: 'root',
    children: [{ text: 'a', children: [{ text: 'a1' }, { text: 'a2' }] }, { text: 'b' }],
  }
  expect(`\n${treeText(root)}\n`).toBe(`
root
├─ a
│  ├─ a1
│  └─ a2
└─ b
`)
  expect(treeText({ text: 'alone' })).toBe('alone')
})

test('values of named nodes stand below one another', () => {
  const nodes = namedNodes([
    ['who', 'root'],
    ['digest', 'bd5c'],
    ['none', ''],
  ])
  expect(nodes.map(({ text }) => text)).toEqual(['who     root', 'digest  bd5c', 'none'])
  expect(namedNodes([])).toEqual([])
})
