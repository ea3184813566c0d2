/** What can go wrong with one response, as plain data, and which errors it may become. */

export type Encoding = "gzip" | "br" | "deflate"

/** How far into a response, from 0 to 1. */
type Fraction = number

/** The body beside a status that is no 200. */
export const statusBodies = [
  "json",
  "noDetail",
  "html",
  "empty",
  "text",
  "huge",
  "cutJson",
  "numbers",
  "array",
  "null",
  "echo",
  "escapedEcho",
  "page",
  "gzip",
  "corruptGzip"
] as const

/** A body of a 200 that is no page. */
export const wrongBodies = [
  "empty",
  "blank",
  "html",
  "text",
  "null",
  "number",
  "array",
  "object",
  "dataNull",
  "dataObject",
  "dataText",
  "error",
  "errorText",
  "echoedError",
  "twoPages",
  "halfPage",
  "unclosedPage",
  "deep",
  "NaN"
] as const

/** How a `Retry-After` is written. The far ones ask for more than anybody waits. */
export const retryAfters = [
  "0",
  "0.02",
  "\"0.02\"",
  "0.02s",
  "0.02 seconds",
  "0.02, 0.02",
  " 0 ",
  "past date",
  "past asctime",
  "past rfc850",
  "past iso",
  "past epoch",
  "-5",
  "soon",
  "",
  "1e3",
  "NaN",
  "7200",
  "far date",
  "far epoch"
] as const

/** The kinds of faults that cost no waiting. */
export const quickKinds = [
  "status",
  "reset",
  "cut",
  "drip",
  "redirect",
  "garbage",
  "early",
  "body",
  "encoding"
] as const satisfies ReadonlyArray<Fault["kind"]>

/** What a page says that is not so. */
export const lies = [
  "duplicates",
  "again",
  "hidden",
  "nextRepeated",
  "nextBackward",
  "nextStale",
  "nextInside",
  "emptyWithNext",
  "unordered"
] as const

export type Fault =
  | {
    readonly kind: "status"
    readonly status: number
    readonly body: (typeof statusBodies)[number]
    /** `0.4` is only for what must not hang on how busy a machine is, and `near date` costs seconds. */
    readonly retryAfter?: (typeof retryAfters)[number] | "0.4" | "near date" | undefined
    readonly ending: "whole" | "cut" | "reset" | "hang"
  }
  | { readonly kind: "reset"; readonly at: Fraction }
  | { readonly kind: "cut"; readonly at: Fraction; readonly framing: "length" | "chunked" | "close" }
  | { readonly kind: "drip"; readonly pieces: number }
  | { readonly kind: "hang"; readonly at: Fraction }
  | {
    readonly kind: "redirect"
    readonly status: 301 | 302 | 303 | 307 | 308
    readonly to: "trap" | "self" | "nowhere"
  }
  | { readonly kind: "garbage" }
  | { readonly kind: "early" }
  | { readonly kind: "body"; readonly body: (typeof wrongBodies)[number] }
  | {
    readonly kind: "encoding"
    readonly encoding: Encoding
    readonly damage: "none" | "cut" | "flip" | "label"
    readonly at: Fraction
  }
  | { readonly kind: "endless"; readonly encoding?: "gzip" | undefined }
  | { readonly kind: "lie"; readonly lie: (typeof lies)[number] }

/** Names a fault as it is counted: by its kind and, where that has many forms, by its form. */
export const labelsOf = (fault: Fault): ReadonlyArray<string> =>
  fault.kind === "lie" ? [fault.kind, fault.lie] : fault.kind === "body" ? [fault.kind, fault.body] : [fault.kind]

const statusNames: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  429: "TooManyRequests",
  500: "InternalServerError",
  502: "BadGateway",
  503: "ServiceUnavailable",
  504: "GatewayTimeout"
}

/** The name of the error for a status. */
export const nameOf = (status: number): string => statusNames[status] ?? "UnexpectedStatus"

/** The errors that may pass when the request is sent again. */
export const retryable: ReadonlySet<string> = new Set([
  "TooManyRequests",
  "InternalServerError",
  "BadGateway",
  "ServiceUnavailable",
  "GatewayTimeout",
  "TransportError",
  "RequestTimeout"
])

/** What a fault may become: errors by name, and `pass` where the response is as good as without it. */
export const outcomesOf = (fault: Fault): ReadonlyArray<string> => {
  switch (fault.kind) {
    case "status":
      // A fetch gives no response of the first one, and sends the request again after the second one.
      if (fault.status === 407) return ["TransportError"]
      if (fault.status === 421) return [nameOf(fault.status), "TransportError", "pass"]
      // A reset throws away what has not been read yet, the status too.
      return fault.ending === "reset"
        ? [nameOf(fault.status), "TransportError"]
        : fault.ending === "hang"
        ? ["RequestTimeout", nameOf(fault.status)]
        : [nameOf(fault.status)]
    case "redirect":
      return ["UnexpectedStatus"]
    case "reset":
    case "garbage":
      return ["TransportError"]
    case "cut":
      // Without a length nobody can tell a body that was cut off before its first byte from an empty one.
      return fault.framing === "close"
        ? ["TransportError", "DecodeError", "pass"]
        : fault.framing === "chunked"
        // Only what says that nothing comes behind it may be gone.
        ? ["TransportError", "pass"]
        : ["TransportError"]
    case "hang":
      return ["RequestTimeout"]
    case "drip":
    case "early":
      return ["pass"]
    case "body":
      return fault.body === "halfPage" || fault.body === "unclosedPage" ? ["TransportError"] : ["DecodeError"]
    case "encoding":
      return fault.damage === "none"
        ? ["pass"]
        : fault.damage === "cut"
        ? ["TransportError", "pass"]
        : ["TransportError", "DecodeError", "pass"]
    case "endless":
      return ["ResponseTooLarge"]
    case "lie":
      return fault.lie.startsWith("next") || fault.lie === "emptyWithNext" ? ["PaginationError", "pass"] : ["pass"]
  }
}
