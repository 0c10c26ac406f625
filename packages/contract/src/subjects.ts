/** Subjects: the persons that private data is about. All that can be done to one is to erase it. */
import { type Static, Type } from 'typebox'
import { Subject } from './scalars.ts'
import { strict } from './schema.ts'

export const ErasedSubject = strict(
  {
    object: Type.Literal('subject'),
    subject: Subject,
    status: Type.Literal('erased', {
      description: 'The same whether or not there was anything to erase.',
    }),
  },
  { title: 'ErasedSubject' },
)
export type ErasedSubject = Static<typeof ErasedSubject>

export const SubjectParams = strict({ subject: Subject })
export type SubjectParams = Static<typeof SubjectParams>
