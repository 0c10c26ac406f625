/** Runs the workloads that were asked for, one after the other, and reports. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'

import { QUICK_SECONDS_MAX, WORKLOADS } from './catalogue.ts'
import { choose, type CommandLine } from './command-line.ts'
import { describeMachine, type Machine, machineText } from './machine/machine.ts'
import { makeDirectory, removeDirectory } from './processes/end-with-us.ts'
import { figure } from './report/figure.ts'
import { reportJson, reportText } from './report/report.ts'
import { type Row, shortfalls } from './report/row.ts'
import type { Context, Workload } from './workload.ts'

const SYNCS = 400
const ALL_WELL = 0
const FELL_SHORT = 1

/** @returns the exit code. @throws CommandLineRefused */
export async function run(line: CommandLine): Promise<number> {
  const workloads = chosen(line)
  const directory = placeOf(line.directory)
  const machine = measureMachine(directory)
  process.stderr.write(`${machineText(machine)}\n\n`)
  const { quick, transfers, accounts } = line
  const context: Context = { quick, directory, transfers, accounts, say }
  const rows: Row[] = []
  const failed: string[] = []
  const leftOut: string[] = []
  const begun = performance.now()
  for (const workload of workloads) {
    const seconds = (performance.now() - begun) / 1_000
    const isLate =
      quick && line.names.length === 0 && seconds + (workload.quickSeconds ?? 0) > QUICK_SECONDS_MAX
    if (isLate) {
      leftOut.push(workload.name)
      continue
    }
    const made = await tryWorkload(workload, context)
    if (made === undefined) failed.push(workload.name)
    else rows.push(...made)
  }
  publish(line, machine, rows)
  if (leftOut.length > 0)
    process.stdout.write(`Left out, the minute is over: ${leftOut.join(', ')}.\n`)
  if (failed.length > 0) process.stdout.write(`Failed: ${failed.join(', ')}.\n`)
  return failed.length === 0 && shortfalls(rows).length === 0 ? ALL_WELL : FELL_SHORT
}

/** Workloads that are named always run; without names, all, or those that are quick. */
function chosen({ names, quick }: CommandLine): readonly Workload[] {
  if (names.length > 0) {
    const known = WORKLOADS.map(({ name }) => name)
    const wanted = choose(known, names)
    return WORKLOADS.filter(({ name }) => wanted.includes(name))
  }
  return WORKLOADS.filter(({ quickSeconds }) => !quick || quickSeconds !== undefined)
}

async function tryWorkload(
  workload: Workload,
  context: Context,
): Promise<readonly Row[] | undefined> {
  say(`${workload.name}: ${workload.about}`)
  const begun = performance.now()
  try {
    const rows = await workload.run(context)
    for (const { name, value, unit, holds } of rows) {
      say(`  ${name}: ${figure(value)} ${unit}${holds === false ? ', short of its bar' : ''}`)
    }
    say(`  took ${figure((performance.now() - begun) / 1_000)} s`)
    return rows
  } catch (error) {
    say(`  failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    return undefined
  }
}

function publish({ json }: CommandLine, machine: Machine, rows: readonly Row[]): void {
  if (rows.length > 0) process.stdout.write(`\n${reportText(machine, rows)}`)
  if (json === undefined) return
  const path = fromCaller(json)
  writeFileSync(path, reportJson(machine, rows))
  process.stdout.write(`Rows written to ${path}\n`)
}

function measureMachine(under: string): Machine {
  const directory = makeDirectory(under)
  try {
    return describeMachine(directory, SYNCS)
  } finally {
    removeDirectory(directory)
  }
}

function placeOf(asked: string | undefined): string {
  if (asked === undefined) return tmpdir()
  const directory = fromCaller(asked)
  mkdirSync(directory, { recursive: true })
  return directory
}

/** npm runs scripts in the project's root; a path is meant from where it was typed. */
function fromCaller(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), path)
}

/** Standard error: standard output is for the report. */
function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
