/** A response as bytes, over HTTP or in memory, and how a fault changes it. */
import * as Duration from "effect/Duration"
import type { Fault, Page } from "../Faults.ts"

export interface WireResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export const textResponse = (
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string
): WireResponse => ({ status, headers, body: encoder.encode(body) })

export const errorResponse = (
  status: number,
  errorString: string,
  headers: Readonly<Record<string, string>> = {}
): WireResponse =>
  textResponse(
    status,
    { "content-type": "application/json", ...headers },
    JSON.stringify({ error: { errorString } })
  )

const isPage = (value: unknown): value is Page =>
  typeof value === "object" && value !== null && "data" in value && Array.isArray(value.data) && "orderBy" in value

/** Changes the page of a response. A response that is not a page stays as it is. */
export const changePage = (response: WireResponse, change: (page: Page) => Page): WireResponse => {
  if (response.status !== 200) return response
  const page: unknown = JSON.parse(decoder.decode(response.body))
  return isPage(page) ? { ...response, body: encoder.encode(JSON.stringify(change(page))) } : response
}

/** How to send a body: its pieces, the pause before each, and how it ends. */
export interface BodyPlan {
  readonly pieces: ReadonlyArray<Uint8Array>
  readonly pause: Duration.Duration
  /** `cut`: the connection closes before the body ends. `hang`: nothing more comes, and the connection stays open. */
  readonly end: "whole" | "cut" | "hang"
}

/** Plans how to send a body under a fault. A fault that does not concern the body leaves it whole. */
export const planBody = ({ body }: WireResponse, fault: Fault | undefined): BodyPlan => {
  switch (fault?._tag) {
    case "Hang":
      return { pieces: [], pause: Duration.zero, end: "hang" }
    case "Truncated": {
      const length = Math.min(body.length - 1, Math.floor(body.length * fault.keep))
      return { pieces: [body.subarray(0, length)], pause: Duration.zero, end: "cut" }
    }
    case "Drip": {
      const size = Math.max(1, Math.ceil(body.length / fault.pieces))
      const count = Math.ceil(body.length / size)
      const pieces = Array.from({ length: count }, (_, index) => body.subarray(index * size, (index + 1) * size))
      return { pieces, pause: fault.pause, end: "whole" }
    }
    case "ChangePage":
    case "Delay":
    case "Reset":
    case "Response":
    case undefined:
      return { pieces: [body], pause: Duration.zero, end: "whole" }
  }
}
