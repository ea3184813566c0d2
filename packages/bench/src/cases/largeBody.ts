/** Measures the peak memory of a client whose server sends a body of 1 GB, against the same client and a page of 25 runs. */
import { execFile } from "node:child_process"
import { createServer, type ServerResponse } from "node:http"
import { pipeline, Readable } from "node:stream"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { createGzip } from "node:zlib"
import type { Case } from "../Case.ts"
import { Memory } from "../measure.ts"

const program = fileURLToPath(new URL("largeBodyProcess.js", import.meta.url))

const size = 1_000_000_000

const small = JSON.stringify({
  limit: 25,
  data: Array.from({ length: 25 }, (_, index) => ({ id: 25 - index, runType: "refresh", runStatus: "completed" }))
})

/** A page that is whole JSON: its one text makes it as large as it is. */
function* largePage(): Generator<Buffer> {
  const chunk = Buffer.alloc(1_000_000, "x")
  yield Buffer.from(
    "{\"limit\":25,\"data\":[{\"id\":1,\"runType\":\"refresh\",\"runStatus\":\"failed\",\"runFailureReason\":\""
  )
  for (let sent = 0; sent < size; sent += chunk.length) yield chunk
  yield Buffer.from("\"}]}")
}

const send = (response: ServerResponse, ...streams: ReadonlyArray<NodeJS.ReadWriteStream>) =>
  // The client ends the connection at its bound.
  pipeline([Readable.from(largePage()), ...streams, response], () => {})

const compressed = (response: ServerResponse) =>
  response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" })

const serve: Readonly<Record<string, (response: ServerResponse) => void>> = {
  small: (response) => response.end(small),
  plain: (response) => void send(response),
  gzip: (response) => void send(compressed(response), createGzip())
}

export const largeBodyCase: Case = {
  name: "large-body",
  prepare: async (quick) => {
    const server = createServer((request, response) => {
      const [, what = ""] = (request.url ?? "").split("/")
      serve[what]?.(response)
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const address = server.address()
    if (address === null || typeof address === "string") throw new Error("The server has no port")
    const peak = async (what: string): Promise<Memory> => {
      const { stdout } = await promisify(execFile)(process.execPath, [
        program,
        `http://127.0.0.1:${address.port}/${what}`,
        what
      ])
      return new Memory(Number(stdout))
    }
    return {
      title: "the peak memory of a client, one process each",
      variants: [
        { name: "a page of 25 runs", run: () => peak("small") },
        { name: "a page of 1 GB", run: () => peak("plain"), aimBeyond: 200 },
        { name: "the same, compressed to 1 MB", run: () => peak("gzip"), aimBeyond: 200 }
      ],
      rounds: { warmUp: 0, measured: quick ? 1 : 3 },
      dispose: () => new Promise((resolve) => server.close(() => resolve()))
    }
  }
}
