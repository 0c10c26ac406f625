/** Places outside where checkpoints are kept: a file, a directory or bucket of objects, a webhook. None of them needs to be trusted. */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'

import { OUTSIDE_MS_MAX } from '../../limits.ts'
import { StartRefused } from '../../start/setting.ts'

/** A checkpoint on its way out. */
export interface Outgoing {
  readonly origin: string
  /** Events that it covers. */
  readonly size: number
  /** The signed note. */
  readonly note: string
}

export interface Outside {
  /** For logs and people; a webhook's address without what may be secret in it. */
  readonly name: string
  /** Resolves once the checkpoint is kept there. The same one may be put twice. */
  readonly put: (outgoing: Outgoing) => Promise<void>
}

/**
 * `https://…` takes each as a POST, `s3://BUCKET/PREFIX` and a path that ends with `/` as an object of its own, any other path as a line of JSON.
 * @throws StartRefused
 */
export function outsideOf(text: string, name: string): Outside {
  if (/^https?:/.test(text)) return webhook(text, name)
  if (text.startsWith('s3:') || text.endsWith('/')) return objects(text, name)
  return lines(text)
}

/** `{"checkpoint":…,"written_at":…}`, the newest last: an appended line is there whole or, after a crash, broken and followed by the next. */
function lines(path: string): Outside {
  return {
    name: path,
    put: async ({ note }) => {
      const line = JSON.stringify({ checkpoint: note, written_at: new Date().toISOString() })
      const file = await open(path, 'a', 0o644)
      try {
        // An empty line harms no reader, and ends one that was cut off.
        await file.write(`\n${line}\n`)
        await file.sync()
      } finally {
        await file.close()
      }
    },
  }
}

/** Names sort by size, and none is ever written with other bytes: so the place may forbid to replace and to remove. */
function objects(place: string, name: string): Outside {
  if (place.startsWith('s3:') && !/^s3:\/\/[a-z0-9][a-z0-9.-]*(\/|$)/.test(place)) {
    throw new StartRefused(`${name}: ${place} is no place in S3: write s3://BUCKET/PREFIX.`)
  }
  return {
    name: place,
    put: async ({ origin, size, note }) => {
      // Loaded by those alone who keep checkpoints in such a place.
      const { openStore } = await import('@tallystick/backup')
      const store = await openStore(place)
      try {
        const directory = origin.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-')
        const digest = createHash('sha256').update(note).digest('hex').slice(0, 8)
        const object = `${directory}/${String(size).padStart(16, '0')}-${digest}.checkpoint`
        await store.write(object, Buffer.from(note))
      } finally {
        store.close()
      }
    },
  }
}

function webhook(text: string, name: string): Outside {
  if (!URL.canParse(text)) throw new StartRefused(`${name}: ${text} is no address.`)
  const url = new URL(text)
  return {
    name: url.origin,
    put: async ({ note, size }) => {
      const response = await fetch(url, {
        ...{ method: 'POST', body: note, redirect: 'error' },
        headers: { 'content-type': 'text/plain; charset=utf-8', 'idempotency-key': `${size}` },
        signal: AbortSignal.timeout(OUTSIDE_MS_MAX),
      })
      await response.body?.cancel()
      if (!response.ok) throw new Error(`it answered ${response.status}`)
    },
  }
}
