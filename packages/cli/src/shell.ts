/** Between commander and the commands: gives each its session, and turns what it throws into a message and an exit code. */
import type { Command } from 'commander'
import { ExitCode } from './exit-code.ts'
import { failureOf } from './failure.ts'
import { Output, type Sink } from './output/output.ts'
import { type Environment, type GlobalOptions, Session } from './session.ts'

export interface Io extends Environment {
  readonly stdout: Sink
  readonly stderr: Sink
  /** For commands that run until they are told to stop: aborted by Ctrl-C, which ends all others by itself. */
  readonly interruption: () => AbortSignal
}

/** What a command does; without a code it went well. */
export type Act<Options> = (
  session: Session,
  options: Options,
  ...args: (string | undefined)[]
) => Promise<ExitCode | void> | ExitCode | void

export class Shell {
  readonly io: Io
  exitCode: ExitCode = ExitCode.ok

  constructor(io: Io) {
    this.io = io
  }

  /** For commander's `.action()`. */
  action<Options>(act: Act<Options>): (...given: unknown[]) => Promise<void> {
    return async (...given) => {
      const command = given.at(-1) as Command
      const session = this.#session(command.optsWithGlobals<GlobalOptions>())
      const args = command.processedArgs.map(argumentText)
      try {
        this.exitCode = (await act(session, command.opts() as Options, ...args)) ?? ExitCode.ok
      } catch (error) {
        this.exitCode = this.#failed(session, error)
      }
      const alarm = await session.ended()
      const isSerious = alarm !== undefined && alarm.code !== 'replaced'
      if (isSerious && this.exitCode === ExitCode.ok) this.exitCode = ExitCode.notProved
    }
  }

  #session(options: GlobalOptions): Session {
    const { stdout, stderr, cwd, variables } = this.io
    const { NO_COLOR } = variables
    const noColor = NO_COLOR !== undefined && NO_COLOR !== ''
    const output = new Output({ stdout, stderr, json: options.json === true, noColor })
    return new Session(output, { cwd, variables }, options)
  }

  #failed(session: Session, error: unknown): ExitCode {
    if (error instanceof Error && error.name === 'AbortError') return ExitCode.interrupted
    const failure = failureOf(error)
    session.output.fail(failure)
    return failure.exitCode
  }
}

/** Arguments that repeat are read by the commands that pass them on. */
function argumentText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
