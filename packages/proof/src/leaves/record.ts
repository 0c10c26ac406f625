/** A record of a book, read in place as bytes: what the general way of making a leaf needs. */
import {
  AccountField,
  align8,
  AssetField,
  ControlField,
  Kind,
  MetadataField,
  MovedField,
  MovedSection,
  NO_SLOT,
  RecordField,
  RefusedField,
  RefusedSection,
  type Section,
  sectionAt,
  SLOT_AT,
} from './book-format.ts'
import type { Frame } from './frame.ts'

/** Which of the three forms of 0013 an event has. */
export type Sort = 'moved' | 'refused' | 'other'

export class RecordBytes {
  readonly sort: Sort
  readonly #bytes: Uint8Array
  readonly #view: DataView

  constructor(frame: Frame, index: number) {
    const at = frame.recordAt(index)
    const words = frame.u16[(at + RecordField.words) >>> 1] as number
    this.#bytes = frame.u8.subarray(at, at + words * 8)
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength)
    const isTransfer = this.kind === Kind.transfer || this.kind === Kind.release
    this.sort = frame.isMoved(at) ? 'moved' : isTransfer ? 'refused' : 'other'
  }

  get kind(): number {
    return this.u8(RecordField.kind)
  }
  get form(): number {
    return this.u16(RecordField.form)
  }
  u8(at: number): number {
    return this.#view.getUint8(at)
  }
  u16(at: number): number {
    return this.#view.getUint16(at, true)
  }
  u32(at: number): number {
    return this.#view.getUint32(at, true)
  }
  bytes(at: number, length: number): Uint8Array {
    return this.#bytes.subarray(at, at + length)
  }

  has({ bit }: Section): boolean {
    return (this.form & bit) !== 0
  }

  /** Byte offset of a section, whether it is there or not. */
  section(wanted: Section): number {
    return this.sort === 'moved'
      ? sectionAt(this.form, MovedSection, { from: MovedField.sections, wanted })
      : sectionAt(this.form, RefusedSection, { from: RefusedField.sections, wanted })
  }

  /** Slot of the account that it is about, of events without sides; undefined: there is none. */
  get slot(): number | undefined {
    if (this.kind === Kind.asset || this.kind > Kind.books) return undefined
    const slot = this.u32(this.kind === Kind.account ? AccountField.slot : SLOT_AT)
    return slot === NO_SLOT ? undefined : slot
  }

  get address(): Uint8Array {
    return this.bytes(AccountField.address, this.u16(AccountField.addressLength))
  }

  /** Metadata, an asset's name, or the statement of a control event. */
  get metadata(): Uint8Array {
    return this.bytes(this.#metadataAt, this.u16(RecordField.metadataLength))
  }

  get #metadataAt(): number {
    switch (this.kind) {
      case Kind.account:
        return AccountField.address + align8(this.u16(AccountField.addressLength))
      case Kind.metadata:
        return MetadataField.metadata
      case Kind.asset:
        return AssetField.name
      default:
        if (this.sort === 'other') return ControlField.statement
        return this.section(this.sort === 'moved' ? MovedSection.metadata : RefusedSection.metadata)
    }
  }
}
