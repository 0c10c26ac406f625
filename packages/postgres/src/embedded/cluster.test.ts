import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join, relative } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { Cluster } from './cluster.ts'

test('a directory that is named from where we stand is found by programs that stand elsewhere', () => {
  const path = mkdtempSync(join(tmpdir(), 'tally-cluster-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  const cluster = new Cluster(relative(process.cwd(), join(path, 'postgres')), {})
  const { path: data, options } = cluster.place()
  const named = [data, options.cwd, cluster.data, cluster.socket, cluster.log]
  expect(named.filter((each) => !isAbsolute(each))).toEqual([])
  expect(data).toBe(join(path, 'postgres', 'cluster'))
})
