/** Opens the signed side of the proof log: its keys and its memory lie in the keys directory, away from the data. */
import { type ProofLog, SoundTree } from '@tallystick/engine'
import {
  CheckpointSigner,
  consistencyProof,
  firstSignerRecord,
  HASH_SIZE,
  SigningKey,
  type TextStore,
} from '@tallystick/proof'
import { SignatureType } from '@tallystick/verify'

import { WITNESS_MS_MAX } from '../limits.ts'
import type { Log } from '../start/log.ts'
import { keepCheckpoint } from './kept-checkpoint.ts'
import { type LogSigner, openLogSigner, recordedOrigin, type SignedTree } from './log-signer.ts'
import { Publisher, type PublisherOptions } from './publish/publisher.ts'
import { ShippedMarker } from './shipped-marker.ts'
import { TrustLog } from './trust-log.ts'
import { type WitnessAddress, WitnessClient } from './witness-client.ts'

export interface TrustSettings {
  /** Of the keys; undefined: they are made for this process, and gone with it. */
  readonly keys: string | undefined
  /** The name of the log; undefined: that of what was signed, and before anything was, made from the journal's id. */
  readonly origin: string | undefined
  readonly witnesses: readonly WitnessAddress[]
  /** Cosignatures with which a checkpoint is given out. */
  readonly quorum: number
  /** Where a follower says how far it has carried the journal; undefined: checkpoints do not wait for one. */
  readonly shippedMarker?: string | undefined
  /** Who keeps checkpoints outside; default: nobody. */
  readonly outside?: Omit<PublisherOptions, 'log'>
  readonly log: Log
  /** Newest durable event of the book. */
  readonly durable: () => number
}

/** @throws StartRefused when keys and record do not fit together, or the quorum can never be there. */
export async function openTrust(proofs: ProofLog, settings: TrustSettings): Promise<TrustLog> {
  const { journalId } = proofs
  const recorded = settings.keys === undefined ? undefined : await recordedOrigin(settings.keys)
  const origin = settings.origin ?? recorded ?? `tallystick.local/${journalId.slice(0, 16)}`
  const tree: SignedTree = {
    proofs: async (first, second) => consistencyProof(proofs.tile, first, second),
    bookRoots: (sizes) => proofs.bookRoots(sizes.map(Number)),
    onTreeDamaged: (why) => proofs.remake(why),
  }
  const { signer, keys } =
    settings.keys === undefined
      ? await passingSigner(origin, tree)
      : await openLogSigner({ directory: settings.keys, origin, tree })
  const sound = new SoundTree(proofs)
  const witnesses = new WitnessClient({
    ...{ witnesses: settings.witnesses, quorum: settings.quorum },
    ...{ deadlineMs: WITNESS_MS_MAX },
    proofs: async (first, second) => sound.growth(first, second),
    onAlarm: ({ witness, sentence }) => {
      settings.log.error('a witness knows another history of this log', { witness, sentence })
    },
  })
  const { keys: directory, durable, shippedMarker: path } = settings
  const marker = path === undefined ? undefined : new ShippedMarker({ path, journalId, durable })
  const outside = settings.outside ?? { places: [], everyMs: 0 }
  const before = await signer.record()
  // On record at once: what the ledger does by itself, releases, must not make it as long as it was.
  const lost = (before?.head.size ?? 0n) > BigInt(durable())
  if (lost) await signer.sign({ size: BigInt(durable()), root: new Uint8Array(HASH_SIZE) })
  return new TrustLog({
    ...(directory === undefined ? {} : { keep: (note) => keepCheckpoint(directory, note) }),
    publisher: new Publisher({ ...outside, log: settings.log }),
    ...{
      proofs,
      sound,
      signer,
      origin,
      witnesses,
      durable,
      shipped: marker && (() => marker.shipped()),
    },
    isBehind: lost || before?.isBehind === true,
    ...{ quorum: settings.quorum, log: settings.log },
    keys: keys.map(({ vkey }) => vkey),
  })
}

/** For a ledger in memory, which no process but this one ever sees. */
async function passingSigner(origin: string, tree: SignedTree): Promise<LogSigner> {
  const keys = [SigningKey.generate(origin, SignatureType.ed25519)]
  const store = new PassingStore()
  await store.replace(undefined, firstSignerRecord(origin))
  return { signer: new CheckpointSigner({ origin, keys, store, ...tree }), keys }
}

class PassingStore implements TextStore {
  #text: string | undefined

  read(): Promise<string | undefined> {
    return Promise.resolve(this.#text)
  }

  replace(expected: string | undefined, next: string): Promise<boolean> {
    if (expected !== this.#text) return Promise.resolve(false)
    this.#text = next
    return Promise.resolve(true)
  }
}
