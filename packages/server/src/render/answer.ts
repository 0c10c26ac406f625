/** What an operation answers, before it is given to the network. */
import type { ProblemFacts } from '@tallystick/contract'

import type { SavedBody } from '../saved-body.ts'
import type { Book, Facts } from './book.ts'

export type Answer =
  | {
      /** 202: it waits for a second person. */
      readonly status: 200 | 201 | 202
      /** JSON. */
      readonly text: string
      readonly location?: string | undefined
      readonly problem?: undefined
    }
  | { readonly problem: ProblemFacts }

/** Makes the answer of a request from what the book has of it; used for the first answer and for every later one alike. */
export type Render = (book: Book, facts: Facts, saved: RenderedRequest) => Answer

export interface RenderedRequest {
  /** Of the request that the facts are of, as text. */
  readonly requestId: string
  readonly body: SavedBody
}
