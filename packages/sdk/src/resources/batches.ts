/** Batches: as JSON for any command, packed for speed. */
import {
  formatId,
  formatTime,
  isGood,
  MediaType,
  packBatch,
  STATUSES,
  unpackBatchAnswer,
} from '@tallystick/contract'
import type { WriteOptions } from '../options.ts'
import { packCommand } from '../pack-command.ts'
import type { Asset } from '../shapes/administration.ts'
import type {
  Batch,
  BatchCommand,
  PackableCommand,
  PackedBatch,
  PackedResult,
} from '../shapes/batch.ts'
import type { Page } from '../list.ts'
import { Resource } from './resource.ts'

export interface BatchOptions extends WriteOptions {
  /** All or nothing, and a smaller maximum; default false. */
  readonly atomic?: boolean
  /** Whether the answer carries the resulting balances; default true. Packed answers never do. */
  readonly balances?: boolean
}

export class Batches extends Resource {
  readonly #assetNumbers = new Map<string, number>()

  /** Up to 8,190 commands of any kind, with a result each. @throws Refused when `atomic` and one is refused */
  create(commands: readonly BatchCommand[], options: BatchOptions = {}): Promise<Batch> {
    const { atomic = false, balances, ...rest } = options
    const body = { atomic, commands }
    const query = { balances }
    return this.send({ method: 'POST', path: '/v1/batches', query, body, options: rest })
  }

  /**
   * The same in the packed form: several times as fast, for commands that need to know nothing but themselves. A refusal is
   * a result, also of an atomic batch. Ids are made here when they are not given.
   */
  async createPacked(
    commands: readonly PackableCommand[],
    options: Omit<BatchOptions, 'balances'> = {},
  ): Promise<PackedBatch> {
    const { atomic = false, ...rest } = options
    await this.#learnAssets(commands)
    const packed = commands.map((command) => packCommand(command, this.#assetNumbers))
    const call = {
      method: 'POST',
      path: '/v1/batches',
      body: packBatch(packed, { atomic }),
      mediaType: MediaType.batch,
      options: rest,
    } as const
    const answer = unpackBatchAnswer(await this.transport.bytes(call, MediaType.batch))
    const results = packed.map((command, index): PackedResult => {
      const table: readonly string[] =
        STATUSES[
          commands[index]?.operation === 'create_account' ? 'create_account' : 'create_transfer'
        ]
      return {
        status: table[answer.statuses[index] ?? 0] ?? 'unknown',
        id: formatId(command.id),
        sequence: answer.firstSequence + BigInt(index),
        timestamp: formatTime(answer.firstTimestamp + BigInt(index)),
      }
    })
    const refused = results.filter(({ status }) => !isGood(status)).length
    return { results, refused, replayed: answer.replayed }
  }

  /** A packed command has its asset as a number. */
  async #learnAssets(commands: readonly PackableCommand[]): Promise<void> {
    const known = (command: PackableCommand): boolean =>
      !('asset' in command) || this.#assetNumbers.has(command.asset)
    if (commands.every(known)) return
    const { data } = await this.read<Page<Asset>>('/v1/assets', {}, {})
    for (const { asset, number } of data) this.#assetNumbers.set(asset, number)
  }
}
