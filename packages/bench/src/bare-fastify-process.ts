/** Entry of the bare server's process: its one question is what to answer, its answer is where it listens. */
import { type BareAnswer, startBareFastify } from './load/bare-fastify.ts'
import { answerQuestions } from './processes/questions.ts'

answerQuestions(async (answer) => (await startBareFastify(answer as BareAnswer)).port)
