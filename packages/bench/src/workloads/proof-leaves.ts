/**
 * `proof-leaves`: what the proof log takes for each event. Frames of 8,190 made-up transfers between 1,000,000 accounts whose ids lie in rows of 256 bytes, as
 * the ledger's do; in turns plain transfers, and posts, whose content takes two blocks of SHA-256. Included: salts, both sides, content, leaf,
 * the tree's nodes, handing over full tiles, all by one thread. Left out: deciding, writing tiles, signing. The median stretch counts.
 * Baseline: `node:crypto` over as many blocks in one message.
 */
import { askOnce } from '../processes/helper-process.ts'
import type { ProofReport, ProofSpec, Sort } from '../proof/spec.ts'
import { count, figure } from '../report/figure.ts'
import { atLeast, type Row, row } from '../report/row.ts'
import { Side } from '../stretches.ts'
import type { Context, Workload } from '../workload.ts'

const ACCOUNTS = 1_000_000
const BATCH = 8_190
const ROUNDS = 5
const SEED = 42
const BAR = 800_000

export const proofLeaves: Workload = {
  name: 'proof-leaves',
  about: 'leaves with their commitments, and the tree over them, one thread',
  quickSeconds: 4,
  async run(context) {
    const spec = specFor(context)
    const report = await askOnce<ProofReport>('proof-process.ts', spec)
    return [rowOf('plain', spec, report), rowOf('posts', spec, report)]
  },
}

function rowOf(sort: Sort, spec: ProofSpec, report: ProofReport): Row {
  const side = new Side()
  for (const { leaves, seconds, latencies, cpuSeconds, ...stretch } of report.stretches) {
    if (stretch.sort !== sort) continue
    side.add({ items: leaves, seconds, latencies, cpu: { proof: cpuSeconds } })
  }
  const { min, max } = side.spread
  return row({
    ...{ name: sort === 'plain' ? 'proof-leaves' : 'proof-leaves-posts', unit: 'leaves/s' },
    ...{ value: side.rate, latency: side.latency },
    baseline:
      sort === 'plain'
        ? { of: 'node:crypto, as many blocks in one message', value: 1e9 / report.bareNs }
        : undefined,
    bar: sort === 'plain' ? atLeast(BAR) : undefined,
    durability: 'none: memory alone',
    note: [
      `${count(spec.accounts)} accounts`,
      `${count(side.items)} leaves`,
      `CPU ${figure(side.cpu('proof').itemUs * 1_000)} ns each`,
      `stretches ${count(min)} to ${count(max)}/s`,
    ].join(', '),
  })
}

function specFor({ quick }: Context): ProofSpec {
  const leaves = quick ? 200_000 : 800_000
  const both = [
    { sort: 'plain', leaves },
    { sort: 'posts', leaves: leaves / 2 },
  ] as const
  const rounds = Array.from({ length: 1 + (quick ? 3 : ROUNDS) }, () => both)
  return { accounts: ACCOUNTS, batch: BATCH, seed: SEED, stretches: rounds.flat() }
}
