/** Plain HTTP, as others than MCP clients speak it. */
import { request, type RequestOptions } from "node:http"

/** A plain request, whose `Host` may say anything. */
export const ask = (url: string, options: RequestOptions = {}, body?: string | ReadonlyArray<string>) =>
  new Promise<
    { readonly status: number | undefined; readonly body: string; readonly headers: NodeJS.Dict<string | string[]> }
  >(
    (resolve, reject) => {
      const sent = request(url, { method: body === undefined ? "GET" : "POST", ...options }, (response) => {
        let text = ""
        response.setEncoding("utf8").on("data", (chunk: string) => text += chunk)
        response.on("end", () => resolve({ status: response.statusCode, body: text, headers: response.headers }))
      })
      sent.on("error", reject)
      for (const part of typeof body === "string" ? [body] : body ?? []) sent.write(part)
      sent.end()
    }
  )

export const json = { "content-type": "application/json", accept: "application/json, text/event-stream" }
