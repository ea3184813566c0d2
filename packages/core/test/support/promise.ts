/** A client without Effect on responses that a test writes out. */
import { type ClientOptions, createClient } from "../../src/promise.ts"

/** A client whose requests get these responses, and what was requested. */
export const clientOf = (
  respond: (url: URL, index: number) => Response | Promise<Response>,
  options?: ClientOptions
) => {
  const requests: Array<string> = []
  const client = createClient({
    accessToken: "a-token-for-tests",
    retry: false,
    fetch: async (input) => {
      const url = new URL(input instanceof Request ? input.url : input)
      requests.push(`${url.pathname}${url.search}`)
      return respond(url, requests.length - 1)
    },
    ...options
  })
  return { client, requests }
}

export const page = (...rows: ReadonlyArray<object>) => Response.json({ data: rows, limit: 1000 })

/** Returns what a promise rejects with. */
export const rejection = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error("It did not reject.")
}

export const first = async <A>(iterable: AsyncIterable<A>): Promise<A | undefined> => {
  for await (const element of iterable) return element
  return undefined
}
