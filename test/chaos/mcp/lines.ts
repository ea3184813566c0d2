/** A client that writes lines to the server's stdin, whatever they are, and reads each line of its stdout. */
import { assert } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { once } from "node:events"
import type { ChaosServer } from "../server/server.ts"
import { type Bin, startBin } from "./bin.ts"

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Struct({
  jsonrpc: Schema.Literal("2.0"),
  id: Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.String, Schema.Finite]))),
  method: Schema.optionalKey(Schema.String),
  result: Schema.optionalKey(Schema.Unknown),
  error: Schema.optionalKey(Schema.Struct({ code: Schema.Int, message: Schema.String }))
})))

export interface Lines {
  readonly bin: Bin
  readonly write: (text: string | Buffer) => void
  readonly send: (message: object) => void
  /** The texts of the responses so far, by their ids. */
  readonly responses: ReadonlyMap<unknown, ReadonlyArray<string>>
  /** Resolves when all of these ids have a response. */
  readonly responded: (ids: ReadonlyArray<string | number>) => Promise<void>
}

/** Starts the server over stdio, and says hello. */
export const connect = async (upstream: ChaosServer): Promise<Lines> => {
  const bin = startBin(upstream, ["--structured"])
  const responses = new Map<unknown, Array<string>>()
  const waiting = new Set<() => void>()
  let rest = ""
  bin.process.stdout?.on("data", (text: string) => {
    const lines = (rest + text).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) {
      // stdout belongs to the protocol: each line is a message.
      const { id, method } = decode(line)
      if (method === undefined) responses.set(id, [...responses.get(id) ?? [], line])
    }
    for (const look of waiting) look()
  })
  const gone = once(bin.process, "close")
  const write: Lines["write"] = (text) => void bin.process.stdin?.write(text)
  const send: Lines["send"] = (message) => write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`)
  const responded: Lines["responded"] = async (ids) => {
    const missing = new Set<string | number>(ids)
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        for (const id of missing) if (responses.has(id)) missing.delete(id)
        if (missing.size > 0) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
      const fail = () =>
        reject(new Error(`No response to ${[...missing].slice(0, 5).join()}: ${bin.written.stderr.slice(-2000)}`))
      void gone.then(fail)
      setTimeout(fail, 30_000).unref()
    })
  }
  send({
    id: "hello",
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "chaos", version: "1" } }
  })
  send({ method: "notifications/initialized" })
  await responded(["hello"])
  return { bin, write, send, responses, responded }
}

/** Ends it as clients do, and fails where that is not quiet. */
export const disconnect = async ({ bin }: Lines): Promise<void> => {
  const { code, millis } = await bin.end(({ stdin }) => stdin?.end())
  assert.strictEqual(code, 0, bin.written.stderr)
  assert.isBelow(millis, 2900)
}
