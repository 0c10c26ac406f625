/** Webhooks: events sent to a URL, signed as Standard Webhooks says. */
import type { CallOptions, ReadOptions } from '../options.ts'
import type { Id } from '../shapes/values.ts'
import type {
  ChangeWebhook,
  CreateWebhook,
  DeadLetter,
  RemovedWebhook,
  Webhook,
  WebhookAttempt,
  WebhookReplay,
} from '../shapes/webhook.ts'
import { Resource, segment } from './resource.ts'

const PATH = '/v1/webhooks'

interface Rows<Row> {
  readonly data: readonly Row[]
}

export class Webhooks extends Resource {
  /** Its `secret` is shown in this answer alone. No retry of ours makes a second one: ask `list` when no answer came. */
  create(webhook: CreateWebhook, options: CallOptions = {}): Promise<Webhook> {
    return this.write(PATH, webhook, { ...options, retries: 0 })
  }

  async list(options: ReadOptions = {}): Promise<readonly Webhook[]> {
    return (await this.read<Rows<Webhook>>(PATH, {}, options)).data
  }

  /** @throws NotFound */
  get(id: Id, options: ReadOptions = {}): Promise<Webhook> {
    return this.read(`${PATH}/${segment(id)}`, {}, options)
  }

  change(id: Id, body: ChangeWebhook, options: CallOptions = {}): Promise<Webhook> {
    return this.send({ method: 'PATCH', path: `${PATH}/${segment(id)}`, body, options })
  }

  /** With all that waits for it. */
  remove(id: Id, options: CallOptions = {}): Promise<RemovedWebhook> {
    return this.send({ method: 'DELETE', path: `${PATH}/${segment(id)}`, options })
  }

  /** A new `secret`, shown in this answer alone. The old one signs, too, for as long as is asked: a day by default. */
  rotate(id: Id, overlapSeconds = 86_400, options: CallOptions = {}): Promise<Webhook> {
    const body = { overlapSeconds }
    return this.write(`${PATH}/${segment(id)}/rotate`, body, { ...options, retries: 0 })
  }

  /** Sends a `webhook.test` now, and says what came of it. */
  test(id: Id, options: CallOptions = {}): Promise<WebhookAttempt> {
    return this.send({ method: 'POST', path: `${PATH}/${segment(id)}/test`, options })
  }

  /** The newest tries, newest first. */
  async attempts(id: Id, options: ReadOptions = {}): Promise<readonly WebhookAttempt[]> {
    const path = `${PATH}/${segment(id)}/attempts`
    return (await this.read<Rows<WebhookAttempt>>(path, {}, options)).data
  }

  async deadLetters(id: Id, options: ReadOptions = {}): Promise<readonly DeadLetter[]> {
    const path = `${PATH}/${segment(id)}/dead-letters`
    return (await this.read<Rows<DeadLetter>>(path, {}, options)).data
  }

  /** Tries all dead letters again. */
  replay(id: Id, options: CallOptions = {}): Promise<WebhookReplay> {
    return this.send({ method: 'POST', path: `${PATH}/${segment(id)}/replay`, options })
  }
}
