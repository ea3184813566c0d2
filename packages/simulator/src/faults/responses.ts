/** Faults that replace the true response. Public through `Faults.ts`. */
import * as check from "../check/options.ts"
import type { Fault } from "./model.ts"

/** Sends a response of your own instead of the true one. Default: status 200, JSON, an empty body. */
export const response = (options: {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}): Fault => {
  check.checkOptions("Faults.response", options, { status: check.number, headers: check.plain, body: check.text })
  return {
    _tag: "Response",
    status: options.status ?? 200,
    headers: { "content-type": "application/json", ...options.headers },
    body: options.body ?? ""
  }
}

const html = (status: number) =>
  `<html>\r\n<head><title>${status}</title></head>\r\n<body>\r\n<center><h1>${status}</h1></center>\r\n<hr>` +
  `<center>gateway</center>\r\n</body>\r\n</html>\r\n`

/**
 * Sends a status with a body: the API's own JSON, the HTML of a gateway, nothing, or any text. Default: JSON.
 *
 * **Details**
 *
 * `retryAfter` is a number of seconds, or any text, such as an HTTP date.
 */
export const status = (status: number, options: {
  readonly body?: "json" | "html" | "empty" | { readonly text: string }
  readonly errorString?: string
  readonly errorDetail?: string
  readonly retryAfter?: number | string
  readonly headers?: Readonly<Record<string, string>>
} = {}): Fault => {
  check.checkOptions("Faults.status", options, {
    body: check.either(check.oneOf("json", "html", "empty"), check.plain),
    errorString: check.text,
    errorDetail: check.text,
    retryAfter: check.either(check.number, check.text),
    headers: check.plain
  })
  const { body = "json", errorString = `${status}: simulated`, errorDetail, retryAfter } = options
  const error = { errorString, ...(errorDetail === undefined ? {} : { errorDetail }) }
  return response({
    status,
    headers: {
      ...(body === "html" ? { "content-type": "text/html" } : {}),
      ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
      ...options.headers
    },
    body: body === "json"
      ? JSON.stringify({ error })
      : body === "html"
      ? html(status)
      : body === "empty"
      ? ""
      : body.text
  })
}

/** Sends a 200 with an empty body, as some servers do for a wrong path. */
export const emptyBody: Fault = response({})

/** Sends a 200 with a sign-in page instead of JSON. */
export const notJson: Fault = response({
  headers: { "content-type": "text/html" },
  body: "<!doctype html><title>Sign in</title><p>Please sign in.</p>"
})

/** Sends a 200 with JSON that is not a page. Default: `{"runs": []}`. */
export const wrongShape = (body: unknown = { runs: [] }): Fault => response({ body: JSON.stringify(body) })

/** Sends a redirect to another place. Default: status 302. */
export const redirect = (location: string, status: 301 | 302 | 303 | 307 | 308 = 302): Fault =>
  response({ status, headers: { location } })
