import { Client } from "@modelcontextprotocol/client"
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio"
import { encode } from "gpt-tokenizer/encoding/o200k_base"
const c = new Client({ name: "t", version: "1" })
await c.connect(
  new StdioClientTransport({ command: process.execPath, args: ["dist/bin.cjs", "--demo"], stderr: "inherit" })
)
const l = await c.listTools()
console.log("list tokens", encode(JSON.stringify(l)).length + encode(c.getInstructions() ?? "").length)
if (process.argv[2] === "list") console.log(JSON.stringify(l, null, 1))
for (const args of process.argv.slice(3)) {
  const r = await c.callTool({ name: "list_runs", arguments: JSON.parse(args) })
  console.log("ARGS", args, r.isError ? "ERROR" : "")
  console.log(r.content[0].text)
  if (process.argv[2] === "s") console.log(JSON.stringify(r.structuredContent))
  console.log(
    "TOKENS text",
    encode(r.content[0].text).length,
    "structured",
    encode(JSON.stringify(r.structuredContent ?? "")).length
  )
}
await c.close()
