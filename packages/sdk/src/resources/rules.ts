/** Rules: what watches the accounts, what it did, and what it would have done. */
import type { List } from '../list.ts'
import type { CallOptions, ReadOptions, WriteOptions } from '../options.ts'
import type { Backtest, BacktestQuery, Firing, PutRule, RemovedRule, Rule } from '../shapes/rule.ts'
import { queryText } from '../wire.ts'
import { Resource, segment } from './resource.ts'

const PATH = '/v1/rules'

interface Rows<Row> {
  readonly data: readonly Row[]
}

export class Rules extends Resource {
  /** Makes it, or the next version of it: it watches what comes from then on. */
  put(id: string, body: PutRule, options: WriteOptions = {}): Promise<Rule> {
    return this.send({ method: 'PUT', path: `${PATH}/${segment(id)}`, body, options })
  }

  list(options: ReadOptions = {}): List<Rule> {
    return this.rows(PATH, {}, options)
  }

  /** @throws NotFound */
  get(id: string, options: ReadOptions = {}): Promise<Rule> {
    return this.read(`${PATH}/${segment(id)}`, {}, options)
  }

  /** The newest ten, newest first. */
  async versions(id: string, options: ReadOptions = {}): Promise<readonly Rule[]> {
    return (await this.read<Rows<Rule>>(`${PATH}/${segment(id)}/versions`, {}, options)).data
  }

  /** What it did stays in the log, and what it froze stays frozen. */
  remove(id: string, options: WriteOptions = {}): Promise<RemovedRule> {
    return this.send({ method: 'DELETE', path: `${PATH}/${segment(id)}`, options })
  }

  /** The newest 200, newest first. `events.follow({ type: 'rule.fired' })` has all. */
  async firings(id: string, options: ReadOptions = {}): Promise<readonly Firing[]> {
    return (await this.read<Rows<Firing>>(`${PATH}/${segment(id)}/firings`, {}, options)).data
  }

  /** Where the rule would have fired. @param draft one that need not be put */
  backtest(
    id: string,
    query: BacktestQuery = {},
    draft?: PutRule,
    options: CallOptions = {},
  ): Promise<Backtest> {
    const path = `${PATH}/${segment(id)}/backtest${queryText(query)}`
    return this.send({
      method: 'POST',
      path,
      options,
      ...(draft === undefined ? {} : { body: draft }),
    })
  }
}
