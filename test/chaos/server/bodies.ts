/** The bodies that a fault sends instead of a page, and how a `Retry-After` is written. */
import { gzipSync } from "node:zlib"
import type { Fault } from "./fault.ts"
import { escaped } from "./history.ts"

const error = (errorString: unknown, errorDetail?: unknown) => JSON.stringify({ error: { errorString, errorDetail } })

const html = "<!doctype html><html><head><title>502</title></head><body><h1>Bad gateway</h1></body></html>"

/** The body beside a status, and its encoding if it has one. */
export const statusBody = (
  body: Extract<Fault, { kind: "status" }>["body"],
  page: string,
  token: string
): { readonly bytes: Buffer; readonly encoding?: string } => {
  const json = error("The request failed", `as request ${token.length} did`)
  switch (body) {
    case "json":
      return { bytes: Buffer.from(json) }
    case "noDetail":
      return { bytes: Buffer.from(error("The request failed")) }
    case "html":
      return { bytes: Buffer.from(html) }
    case "empty":
      return { bytes: Buffer.alloc(0) }
    case "text":
      return { bytes: Buffer.from("upstream connect error or disconnect/reset before headers") }
    case "huge":
      return { bytes: Buffer.from(error(`begin ${token} ${"x".repeat(150_000)} ${token}`)) }
    case "cutJson":
      return { bytes: Buffer.from(json.slice(0, json.length / 2)) }
    case "numbers":
      return { bytes: Buffer.from(error(17, { deep: [token] })) }
    case "array":
      return { bytes: Buffer.from(`[${json}]`) }
    case "null":
      return { bytes: Buffer.from("null") }
    case "echo":
      return { bytes: Buffer.from(error(`invalid token ${token}`, `Bearer ${encodeURIComponent(token)}`)) }
    case "escapedEcho":
      return { bytes: Buffer.from(`{"error":{"errorString":"invalid token ${escaped(token)}"}}`) }
    case "page":
      return { bytes: Buffer.from(page) }
    case "gzip":
      return { bytes: gzipSync(json), encoding: "gzip" }
    case "corruptGzip":
      return {
        bytes: Buffer.from(gzipSync(json).map((byte, index) => index > 12 && index % 5 === 0 ? byte ^ 255 : byte)),
        encoding: "gzip"
      }
  }
}

/** The body of a 200 that is no page. */
export const wrongBody = (body: Extract<Fault, { kind: "body" }>["body"], page: string, token: string): string => {
  switch (body) {
    case "empty":
      return ""
    case "blank":
      return " \n\t "
    case "html":
      return html
    case "text":
      return "OK"
    case "null":
      return "null"
    case "number":
      return "42"
    case "array":
      return "[]"
    case "object":
      return "{}"
    case "dataNull":
      return "{\"data\":null}"
    case "dataObject":
      return "{\"data\":{\"0\":{}}}"
    case "dataText":
      return "{\"data\":\"rows\"}"
    case "error":
      return error("The request failed")
    case "errorText":
      return "{\"error\":\"The request failed\"}"
    case "echoedError":
      return error(`invalid token ${token}`)
    case "twoPages":
      return `${page}\n${page}`
    case "unclosedPage":
      return `[${page}`
    case "halfPage":
      return page.slice(0, page.length / 2)
    case "deep":
      return `${"[".repeat(20_000)}${"]".repeat(20_000)}`
    case "NaN":
      return "{\"data\":[NaN]}"
  }
}

/** Writes a `Retry-After`. */
export const retryAfterText = (form: string, now: number): string => {
  const past = new Date(now - 3_600_000)
  switch (form) {
    case "past date":
      return past.toUTCString()
    case "past asctime":
      return past.toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) (\S+) GMT$/, "$1 $3 $2 $5 $4")
    case "past rfc850":
      return past.toUTCString().replace(/^(\w+), (\d+) (\w+) \d\d(\d\d) (\S+) GMT$/, "Thursday, $2-$3-$4 $5 GMT")
    case "past iso":
      return past.toISOString()
    case "past epoch":
      return String(Math.floor(past.getTime() / 1000))
    case "near date":
      return new Date(now + 2000).toUTCString()
    case "far date":
      return new Date(now + 7_200_000).toUTCString()
    case "far epoch":
      return String(Math.floor(now / 1000) + 7200)
    default:
      return form
  }
}

/**
 * How many milliseconds a `Retry-After` asks to wait, at most an hour; undefined where it says nothing. A date has no fraction of
 * a second, so it asks for up to a second less.
 */
export const retryAfterMillis = (form: string): number | undefined => {
  if (form.startsWith("past")) return 0
  if (form.startsWith("far") || form === "7200") return 3_600_000
  if (form === "near date") return 2000
  const number = /^\s*"?(\d+(\.\d+)?)/.exec(form)
  return number === null || form === "1e3" ? undefined : Number(number[1]) * 1000
}
