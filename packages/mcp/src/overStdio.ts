/**
 * Serves over stdio. Every client waits for the start, so the first call of a tool loads what only calls need.
 */
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio"
import type { Serve } from "./cli.ts"
import { endOn, say } from "./ending.ts"
import { newServer } from "./newServer.ts"
import * as stdio from "./stdio.ts"

/** Makes something once, on its first use. */
const onFirstUse = <A>(make: () => Promise<A>) => {
  let made: Promise<A> | undefined
  return { use: () => made ??= make(), isUsed: () => made !== undefined }
}

export const overStdio = async ({ isDemo, isStructured }: Serve): Promise<void> => {
  const demo = isDemo ? await (await import("./demo.ts")).start() : undefined
  const tools = onFirstUse(async () => {
    const [callTool, runtime] = await Promise.all([import("./callTool.ts"), import("./runtime.ts")])
    const live = runtime.make(demo)
    return { call: callTool.make(live, isStructured), dispose: () => live.dispose() }
  })
  const factory = newServer(
    async (name, args, context) => (await tools.use()).call(name, args, context),
    isStructured
  )
  const input = stdio.reader({
    respond: (line) => process.stdout.write(`${line}\n`),
    onOverflow: (reason) => {
      say(`coalesce-runs-mcp: ${reason}`)
      end(1)
    }
  })
  const handle = serveStdio(factory, {
    transport: new StdioServerTransport(process.stdin.pipe(input)),
    onerror: (error) => say(`coalesce-runs-mcp: ${error.message}`)
  })
  const end = endOn({
    close: async () => {
      // An open stdin keeps the process alive.
      process.stdin.unpipe(input).destroy()
      await handle.close()
      if (tools.isUsed()) await (await tools.use()).dispose()
      await demo?.close()
    }
  })
  input.once("end", () => end())
  process.stdin.once("close", () => end())
  // The client is gone.
  process.stdout.once("error", () => end())
}
