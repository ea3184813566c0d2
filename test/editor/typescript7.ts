/** Calls the language server of TypeScript 7, as an editor does: JSON-RPC over the standard streams of `tsc --lsp`. */
import * as Schema from "effect/Schema"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath, pathToFileURL } from "node:url"
import type { Editor } from "./editor.ts"

const Message = Schema.fromJsonString(Schema.Struct({
  id: Schema.optionalKey(Schema.Union([Schema.Number, Schema.String])),
  method: Schema.optionalKey(Schema.String),
  result: Schema.optionalKey(Schema.Unknown)
}))

const Items = Schema.Struct({
  items: Schema.Array(
    Schema.StructWithRest(Schema.Struct({ label: Schema.String }), [Schema.Record(Schema.String, Schema.Unknown)])
  )
})

const Resolved = Schema.Struct({ documentation: Schema.optionalKey(Schema.Struct({ value: Schema.String })) })

const decodeMessage = Schema.decodeUnknownSync(Message)
const decodeItems = Schema.decodeUnknownSync(Schema.NullOr(Items))
const decodeResolved = Schema.decodeUnknownSync(Resolved)

export const open = async (file: string): Promise<Editor> => {
  const uri = pathToFileURL(file).href
  const tsc = fileURLToPath(new URL("../bin/tsc", import.meta.resolve("typescript")))
  const server = spawn(process.execPath, [tsc, "--lsp", "--stdio"], { stdio: ["pipe", "pipe", "ignore"] })
  const waiting = new Map<number | string, (result: unknown) => void>()

  const send = (message: object): void => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }))
    server.stdin.write(`Content-Length: ${body.length}\r\n\r\n`)
    server.stdin.write(body)
  }
  let ids = 0
  const request = (method: string, params?: object): Promise<unknown> =>
    new Promise((resolve) => {
      const id = ++ids
      waiting.set(id, resolve)
      send({ id, method, params })
    })

  let received = Buffer.alloc(0)
  server.stdout.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    for (;;) {
      const end = received.indexOf("\r\n\r\n")
      const length = Number(/Content-Length: (\d+)/i.exec(received.subarray(0, Math.max(end, 0)).toString())?.[1])
      if (end < 0 || received.length < end + 4 + length) return
      const { id, method, result } = decodeMessage(received.subarray(end + 4, end + 4 + length).toString())
      received = received.subarray(end + 4 + length)
      if (id === undefined) continue
      // The server also sends requests, such as for settings. This editor has none.
      if (method !== undefined) send({ id, result: null })
      else waiting.get(id)?.(result)
    }
  })

  await request("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(process.cwd()).href,
    capabilities: { textDocument: { completion: { completionItem: { documentationFormat: ["plaintext"] } } } }
  })
  send({ method: "initialized", params: {} })

  return {
    complete: async (text, position) => {
      const lines = text.slice(0, position).split("\n")
      send({
        method: "textDocument/didOpen",
        params: { textDocument: { uri, languageId: "typescript", version: 1, text } }
      })
      const found = decodeItems(
        await request("textDocument/completion", {
          textDocument: { uri },
          position: { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 }
        })
      )
      const completions = await Promise.all((found?.items ?? []).map(async (item) => ({
        name: item.label.replace(/\?$/, ""),
        documentation: decodeResolved(await request("completionItem/resolve", item)).documentation?.value ?? ""
      })))
      send({ method: "textDocument/didClose", params: { textDocument: { uri } } })
      return completions
    },
    close: async () => {
      await request("shutdown")
      send({ method: "exit" })
      if (server.exitCode === null) await once(server, "exit")
    }
  }
}
