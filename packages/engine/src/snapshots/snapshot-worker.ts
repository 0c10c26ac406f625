/** The thread that writes snapshots: large writes and their syncs keep nobody waiting here. */
import { parentPort } from 'node:worker_threads'

import { RealDisk } from '@tallystick/journal'

import { stepBack } from '../step-back.ts'
import { SnapshotFile, type SnapshotPlan } from './snapshot-file.ts'
import type { SnapshotPart } from './snapshot-sink.ts'

/** What the main thread asks. Messages are taken in order. */
export type SnapshotOrder =
  | { readonly kind: 'begin'; readonly directory: string; readonly plan: SnapshotPlan }
  | {
      readonly kind: 'fill'
      readonly what: SnapshotPart
      readonly slot: number
      readonly slice: SharedArrayBuffer
      readonly bytes: number
    }
  | { readonly kind: 'finish' }
  | { readonly kind: 'abandon' }

/** What it answers: `free` for each slice, `done` for each finish, with why not. */
export type SnapshotReply =
  | { readonly kind: 'free'; readonly slot: number }
  | { readonly kind: 'done'; readonly failure: Error | undefined }

stepBack()
const port = parentPort
const disk = new RealDisk()
let file: SnapshotFile | undefined
/** A failure is told at `finish`; what comes between is passed over. */
let failure: Error | undefined

port?.on('message', (order: SnapshotOrder) => {
  try {
    follow(order)
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error))
    giveUp()
  }
  if (order.kind === 'fill') reply({ kind: 'free', slot: order.slot })
  if (order.kind === 'finish') reply({ kind: 'done', failure })
})

function follow(order: SnapshotOrder): void {
  switch (order.kind) {
    case 'begin':
      failure = undefined
      file = new SnapshotFile(disk, order.directory, order.plan)
      return
    case 'fill':
      file?.[order.what](new Uint8Array(order.slice, 0, order.bytes))
      return
    case 'finish':
      file?.finish()
      file = undefined
      return
    case 'abandon':
      giveUp()
  }
}

function giveUp(): void {
  const open = file
  file = undefined
  try {
    open?.abandon()
  } catch {
    // What is left of the part is removed at the next start.
  }
}

function reply(message: SnapshotReply): void {
  port?.postMessage(message)
}
