/** Serves over HTTP, and refuses what would open the server to others by mistake. */
import type { HttpOptions, Serve } from "./cli.ts"
import { endOn, say } from "./ending.ts"
import { isLoopback, isPlaceholder, serve } from "./http/serve.ts"

/** How long the calls that run over HTTP may take to end after a signal. Orchestrators wait 30 s before they kill. */
const drainMillis = 10_000

export const overHttp = async (http: HttpOptions, { isDemo, isStructured }: Serve): Promise<void> => {
  const token = process.env["COALESCE_MCP_HTTP_TOKEN"]?.trim()
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
  const demo = isDemo ? await (await import("./demo.ts")).start() : undefined
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
