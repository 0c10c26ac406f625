/** What passes between this process and its helpers: one question at a time, progress, then an answer or an error. */

export type Reply =
  | { readonly kind: 'answer'; readonly answer: unknown }
  | { readonly kind: 'progress'; readonly progress: unknown }
  | { readonly kind: 'error'; readonly message: string }

export type Progress = (progress: unknown) => void

/** The helper's side: answers every question, and ends with whoever asks. */
export function answerQuestions(
  answer: (question: unknown, progress: Progress) => Promise<unknown>,
): void {
  process.on('disconnect', () => process.exit(0))
  process.on('message', (question) => {
    answer(question, (progress) => reply({ kind: 'progress', progress }))
      .then((answer) => reply({ kind: 'answer', answer }))
      .catch((error: unknown) => {
        const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
        reply({ kind: 'error', message })
      })
  })
}

function reply(message: Reply): void {
  process.send?.(message)
}
