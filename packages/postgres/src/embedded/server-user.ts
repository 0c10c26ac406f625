/** As whom PostgreSQL runs: it refuses the superuser, so that one takes `postgres`, or else `nobody`. */
import { DatabaseRefused } from '../errors.ts'
import { runProgram } from './run-program.ts'

/** undefined in both: as ourselves. */
export interface ServerUser {
  readonly uid?: number
  readonly gid?: number
}

/** @throws DatabaseRefused */
export async function serverUser(): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return {}
  if (process.platform !== 'linux') {
    throw new DatabaseRefused(
      'PostgreSQL does not run as root: start Tallystick as another user, or give it --database-url.',
    )
  }
  for (const name of ['postgres', 'nobody']) {
    const uid = await idOf('-u', name)
    const gid = await idOf('-g', name)
    if (uid !== undefined && gid !== undefined) return { uid, gid }
  }
  throw new DatabaseRefused(
    'PostgreSQL does not run as root, and there is neither a user postgres nor nobody: make one, or start Tallystick as another user.',
  )
}

async function idOf(which: '-u' | '-g', name: string): Promise<number | undefined> {
  const place = { cwd: '/', env: { PATH: '/usr/bin:/bin' } }
  const { isDone, output } = await runProgram('id', [which, name], place)
  return isDone ? Number(output) : undefined
}
