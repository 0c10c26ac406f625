/** Webhooks. */
import type { Address, AssetText, Id, Time } from './values.ts'

interface Wish {
  /** Types of events; `hold.*` is all that begin so. Default: all but `command.refused`. */
  readonly types?: readonly string[]
  /** Events of these accounts, on whichever side. */
  readonly accounts?: readonly Address[]
  readonly prefix?: string
  readonly asset?: AssetText
}

export interface CreateWebhook extends Wish {
  /** `https://…`, on the public internet. */
  readonly url: string
  readonly description?: string
  /** Begin behind the event with this id; `'0'`: with the first one. Default: with what comes from now on. */
  readonly after?: string
}

export interface ChangeWebhook {
  readonly url?: string
  readonly description?: string
  readonly status?: 'active' | 'disabled'
}

export interface Webhook extends Wish {
  readonly object: 'webhook'
  readonly id: Id
  readonly url: string
  readonly description: string
  readonly status: 'active' | 'disabled'
  /** Why it was disabled, when nobody did it by hand. */
  readonly reason: string | null
  /** How far it has come in the log. */
  readonly position: bigint
  readonly waiting: bigint
  /** Events that were given up. */
  readonly dead: bigint
  /** Principal whose rights count for what is sent. */
  readonly createdBy: string
  readonly createdAt: Time
  /** Shown once: when it is made, and when it is rotated. */
  readonly secret?: string
}

export interface WebhookAttempt {
  readonly object: 'webhook_attempt'
  readonly eventId: string
  readonly at: Time
  readonly tookMs: number
  /** HTTP status; null: there was no answer. */
  readonly status: number | null
  /** Why it counts as failed; null: it went well. */
  readonly detail: string | null
}

export interface DeadLetter {
  readonly object: 'dead_letter'
  readonly eventId: string
  readonly tries: number
}

export interface WebhookReplay {
  readonly object: 'webhook_replay'
  readonly webhook: Id
  readonly replayed: bigint
}

export interface RemovedWebhook {
  readonly object: 'webhook'
  readonly id: Id
  readonly removed: true
}
