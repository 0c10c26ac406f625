/** Lets the auditor follow the book on the disk to an event that has to be there. */
import type { TallyLedger } from '@tallystick/engine'

import { groupsOf } from './groups.ts'
import { Violation } from './violation.ts'
import type { World } from './world.ts'

export function follow({ auditor, disk }: World, { reader }: TallyLedger, through: number): void {
  auditor.follow(reader, read(disk, auditor.through + 1, through), through)
}

function read(...[disk, from, through]: Parameters<typeof groupsOf>): ReturnType<typeof groupsOf> {
  try {
    return groupsOf(disk, from, through)
  } catch (cause) {
    throw new Violation('the book on the disk is whole', {
      expected: `events ${from} to ${through}`,
      seen: cause instanceof Error ? cause.message : String(cause),
      cause,
    })
  }
}
