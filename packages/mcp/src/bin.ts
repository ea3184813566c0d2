#!/usr/bin/env node
/**
 * Runs what the command line asks for, until a signal or the end of input. Every client waits for the start, so the first
 * call of a tool loads what only calls need.
 */
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio"
import { command, type HttpOptions, type Serve } from "./cli.ts"
import { newServer } from "./newServer.ts"
import * as stdio from "./stdio.ts"

interface Running {
  readonly close: () => Promise<void>
}

const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** Returns a function that ends the program once. Signals call it too; a second signal does not wait. */
const endOn = (running: Running, withinMillis = 3000): (code?: number) => void => {
  let isEnding = false
  const end = (code = 0) => {
    if (isEnding) return
    isEnding = true
    // A request that cannot be interrupted must not keep the process alive.
    setTimeout(() => process.exit(code), withinMillis).unref()
    running.close().then(() => {
      process.exitCode = code
    }, (error: unknown) => {
      say(`coalesce-runs-mcp did not end cleanly: ${String(error)}`)
      process.exitCode = 1
    })
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => isEnding ? process.exit(1) : end())
  }
  return end
}

/** How long the calls that run over HTTP may take to end after a signal. Orchestrators wait 30 s before they kill. */
const drainMillis = 10_000

const startDemo = async () => {
  const demo = await import("./demo.ts")
  const running = await demo.start()
  say("coalesce-runs-mcp serves sample data from a simulator on this machine")
  return running
}

/** Makes something once, on its first use. */
const onFirstUse = <A>(make: () => Promise<A>) => {
  let made: Promise<A> | undefined
  return { use: () => made ??= make(), isUsed: () => made !== undefined }
}

const overStdio = async ({ isDemo, isStructured }: Serve): Promise<void> => {
  const demo = isDemo ? await startDemo() : undefined
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

const overHttp = async (http: HttpOptions, { isDemo, isStructured }: Serve): Promise<void> => {
  const token = process.env["COALESCE_MCP_HTTP_TOKEN"]?.trim()
  const { isLoopback, isPlaceholder, serve } = await import("./http/serve.ts")
  if (token !== undefined && isPlaceholder(token)) {
    say(
      "coalesce-runs-mcp: COALESCE_MCP_HTTP_TOKEN is a placeholder that was not filled in. Set it to the bearer token that " +
        "clients must send, or unset it to serve only this machine."
    )
    process.exitCode = 2
    return
  }
  if (!isLoopback(http.host) && (token === undefined || token === "")) {
    say(
      `coalesce-runs-mcp: other machines can reach ${http.host}. Set COALESCE_MCP_HTTP_TOKEN to the bearer token that ` +
        "clients must send, or leave out --host to serve only this machine."
    )
    process.exitCode = 2
    return
  }
  if (token !== undefined && !/^[\x21-\x7e]*$/.test(token)) {
    say(
      "coalesce-runs-mcp: COALESCE_MCP_HTTP_TOKEN contains a space or a character that no client can send in a header."
    )
    process.exitCode = 2
    return
  }
  const demo = isDemo ? await startDemo() : undefined
  const served = await serve({
    ...http,
    isStructured,
    token: token === "" ? undefined : token,
    connection: demo,
    log: say,
    drainMillis
  }).catch(async (error: unknown) => {
    await demo?.close()
    throw error
  })
  endOn({
    close: async () => {
      await served.close()
      await demo?.close()
    }
  }, drainMillis + 3000)
  say(`coalesce-runs-mcp serves ${served.url}`)
}

const main = async (): Promise<void> => {
  // What is written to a closed pipe is lost: that is no fault of this program.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})
  const asked = command(process.argv.slice(2), process.env)
  switch (asked._tag) {
    case "Print":
      process.stdout.write(asked.text)
      return
    case "Refuse":
      process.stderr.write(asked.text)
      process.exitCode = 2
      return
    case "Serve":
      await (asked.http === undefined ? overStdio(asked) : overHttp(asked.http, asked))
  }
}

/** --http and --demo load files beside the bin, which a copy of the bin alone does not have. */
const isIncomplete = (error: unknown): boolean =>
  error instanceof Error && /Cannot find module .*(?:http|demo)\.cjs/.test(error.message)

main().catch((error: unknown) => {
  say(
    isIncomplete(error)
      ? "coalesce-runs-mcp: this copy serves only stdio. For --http and --demo use npx -y @coalesce-runs/mcp"
      : `coalesce-runs-mcp could not start: ${error instanceof Error ? error.message : String(error)}`
  )
  process.exitCode = 1
})
