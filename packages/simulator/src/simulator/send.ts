/** Answers on sockets: whole, and as faults have them. */
import * as Effect from "effect/Effect"
import type * as Http from "node:http"
import type { Fault, Page } from "../Faults.ts"

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export const errorAnswer = (status: number, errorString: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: Buffer.from(JSON.stringify({ error: { errorString } }))
})

const isPage = (value: unknown): value is Page =>
  typeof value === "object" && value !== null && "data" in value && Array.isArray(value.data) && "orderBy" in value

/** The answer with its page changed, if it is one. */
export const changePage = (answer: Answer, change: (page: Page) => Page): Answer => {
  if (answer.status !== 200) return answer
  const page: unknown = JSON.parse(answer.body.toString())
  return isPage(page) ? { ...answer, body: Buffer.from(JSON.stringify(change(page))) } : answer
}

const head = ({ headers, body }: Answer) => ({ ...headers, "content-length": String(body.length) })

/** The answer as it is. */
export const send = (response: Http.ServerResponse, answer: Answer) =>
  Effect.sync(() => {
    response.writeHead(answer.status, head(answer))
    response.end(answer.body)
  })

const sendHead = (response: Http.ServerResponse, answer: Answer) =>
  Effect.sync(() => {
    response.writeHead(answer.status, head(answer))
    response.flushHeaders()
  })

const write = (response: Http.ServerResponse, part: Buffer) =>
  Effect.callback<void>((resume) => {
    // A part is only sent once it is with the kernel: what destroys the socket earlier takes it along.
    response.write(part, () => resume(Effect.void))
  })

/** The answer as the fault has it. A fault that is of no concern here leaves it whole. */
export const sendFaulty = Effect.fnUntraced(
  function*(response: Http.ServerResponse, answer: Answer, fault: Fault | undefined) {
    const { body } = answer
    if (fault?._tag === "Hang") {
      yield* sendHead(response, answer)
      return yield* Effect.never
    }
    if (fault?._tag === "Truncated") {
      yield* sendHead(response, answer)
      yield* write(response, body.subarray(0, Math.min(body.length - 1, Math.floor(body.length * fault.keep))))
      response.destroy()
      return
    }
    if (fault?._tag === "Drip") {
      yield* sendHead(response, answer)
      const size = Math.max(1, Math.ceil(body.length / fault.pieces))
      for (let from = 0; from < body.length; from += size) {
        yield* Effect.sleep(fault.pause)
        yield* write(response, body.subarray(from, from + size))
      }
      response.end()
      return
    }
    yield* send(response, answer)
  }
)

/** For what a rule, or a change that a test brought along, throws: said rather than left hanging. */
export const sendDefect = (response: Http.ServerResponse, defect: unknown) =>
  response.headersSent
    ? Effect.sync(() => void response.destroy())
    : send(response, errorAnswer(500, `500: The simulator failed: ${String(defect)}`))
