/** Lines that are no requests, or odd ones, as broken and hostile clients send them. */
import type { Random } from "./random.ts"

const text = ({ below }: Random, length: number): string =>
  Array.from({ length }, () => String.fromCharCode(below(0xFFFF))).join("").replaceAll("\n", " ")

const bytes = ({ below }: Random): Buffer =>
  Buffer.from(Array.from({ length: 1 + below(200) }, () => below(256)).filter((byte) => byte !== 10))

const nested = (open: string, close: string, depth: number, inside = "1"): string =>
  open.repeat(depth) + inside + close.repeat(depth)

const oddValues = [
  "null",
  "[]",
  "{}",
  "\"\"",
  "0",
  "-1",
  "1e309",
  "1.5",
  "true",
  "\"\\u0000\"",
  "\"\\ud800\"",
  "[[null]]",
  "{\"__proto__\":{\"x\":1}}",
  "{\"constructor\":{\"prototype\":{}}}",
  "{\"toString\":null}",
  "9007199254740993"
] as const

const methods = [
  "tools/call",
  "tools/list",
  "prompts/get",
  "ping",
  "initialize",
  "logging/setLevel",
  "resources/read",
  "completion/complete",
  "server/discover",
  "notifications/cancelled",
  "notifications/progress",
  "notifications/initialized",
  "__proto__",
  "constructor",
  ""
] as const

/** A request with odd values everywhere but, if it has one, in its id. */
const request = (random: Random, id?: string): string => {
  const value = (): string => random.pick(oddValues)
  const method = random.pick(methods)
  const params = random.pick([
    value,
    () => `{"name":${value()},"arguments":${value()},"_meta":${value()}}`,
    () =>
      `{"name":"list_runs","arguments":{"limit":${value()},"window":${value()},${JSON.stringify(text(random, 5))}:1}}`,
    () => `{"name":"inspect_run","arguments":{"runID":${value()},"__proto__":${value()}}}`,
    () => `{"requestId":${value()},"progressToken":${value()},"reason":${value()}}`,
    () => `{"protocolVersion":${value()},"capabilities":${value()},"clientInfo":${value()}}`,
    () => `{"_meta":{"progressToken":${value()},"io.modelcontextprotocol/protocolVersion":${value()}}}`
  ])()
  return `{"jsonrpc":"2.0","id":${
    id === undefined ? random.pick([...oddValues, "\"odd\""]) : JSON.stringify(id)
  },"method":${JSON.stringify(method)},"params":${params}}`
}

const kinds: readonly [(random: Random) => string | Buffer, ...ReadonlyArray<(random: Random) => string | Buffer>] = [
  bytes,
  (random) => text(random, random.below(300)),
  (random) => request(random),
  (random) => request(random),
  // Cut anywhere.
  (random) => {
    const whole = request(random)
    return whole.slice(0, random.below(whole.length))
  },
  // Several at once, whole or not.
  (random) => `[${Array.from({ length: random.below(5) }, () => request(random)).join(random.pick([",", " "]))}]`,
  (random) => nested("[", "]", 1 + random.below(3000)),
  (random) => nested("{\"a\":", "}", 20_000 + random.below(20_000)),
  ({ below }) =>
    `{"jsonrpc":"2.0","id":"deep","method":"ping","params":{"a":${nested("[", "]", 10_000 + below(50_000))}}}`,
  ({ below }) =>
    `{"jsonrpc":"2.0","id":"deep","method":"tools/call","params":{"name":"list_runs","arguments":{"jobID":${
      nested("{\"a\":", "}", 1 + below(8000))
    }}}}`,
  // Text that is read as an object.
  ({ below }) =>
    `{"jsonrpc":"2.0","id":"text","method":"tools/call","params":{"name":"list_runs","arguments":${
      JSON.stringify(nested("{\"filter\":", "}", 1 + below(40_000)))
    }}}`,
  ({ below }) =>
    `{"jsonrpc":"2.0","id":"text","method":"tools/call","params":{"name":"list_runs","arguments":{"environmentID":${
      JSON.stringify(nested("[", "]", 1 + below(40_000)))
    }}}}`,
  (random) => `{"jsonrpc":"2.0","id":1e${random.below(400)},"result":${random.pick(oddValues)}}`,
  (random) => `{"jsonrpc":"2.0","id":"odd","error":${random.pick(oddValues)}}`,
  () => "\u0016\u0003\u0001GET / HTTP/1.1\r\nHost: x\r\n\r"
]

/** Draws a line without its end, and the id of the response that it gets: one that can be matched, or none. */
export const garbage = (random: Random, id: string): { readonly line: string | Buffer; readonly id?: string } =>
  random.below(4) === 0 ? { line: request(random, id), id } : { line: random.pick(kinds)(random) }
