/** Trees for people: a line per node, joined as `tree` and `git log --graph` readers expect. */

export interface TreeNode {
  readonly text: string
  readonly children?: readonly TreeNode[]
}

/** Without a line feed at the end. */
export function treeText(root: TreeNode): string {
  return [root.text, ...linesBelow(root.children ?? [], '')].join('\n')
}

function linesBelow(nodes: readonly TreeNode[], indent: string): string[] {
  return nodes.flatMap(({ text, children = [] }, index) => {
    const isLast = index === nodes.length - 1
    const [branch, trunk] = isLast ? ['└─ ', '   '] : ['├─ ', '│  ']
    return [`${indent}${branch}${text}`, ...linesBelow(children, `${indent}${trunk}`)]
  })
}

/** A name, and what it is, with the values of all such nodes below one another. */
export function namedNodes(
  pairs: readonly (readonly [name: string, value: string, children?: readonly TreeNode[]])[],
): TreeNode[] {
  const width = Math.max(0, ...pairs.map(([name]) => name.length))
  return pairs.map(([name, value, children = []]) => ({
    text: `${name.padEnd(width)}  ${value}`.trimEnd(),
    children,
  }))
}
