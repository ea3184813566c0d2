/** The command line, as plain data: what to serve, or what to print and with which exit code to end. */
import { parseArgs } from "node:util"
import { version } from "./version.ts"

export interface HttpOptions {
  readonly port: number
  readonly host: string
  readonly allowedHosts: ReadonlyArray<string>
}

export type Command =
  | { readonly _tag: "Serve"; readonly demo: boolean; readonly http: HttpOptions | undefined }
  | { readonly _tag: "Print"; readonly text: string }
  | { readonly _tag: "Refuse"; readonly text: string }

export const help = `coalesce-runs-mcp ${version}: the runs of Coalesce for AI assistants, over MCP

Usage: coalesce-runs-mcp [--demo]
       coalesce-runs-mcp --http [--port 3000] [--host 127.0.0.1] [--allowed-hosts a,b] [--demo]

  (no flag)             serve over stdio, which is what MCP clients start
  --http                serve over Streamable HTTP: /mcp, and /health
  --port <number>       3000 unless given; 0 takes one that is free
  --host <address>      127.0.0.1 unless given; another than loopback needs COALESCE_MCP_HTTP_TOKEN
  --allowed-hosts <a,b> names in the Host and Origin headers to accept, beside those of loopback
  --demo                sample data from a simulator on this machine: no account, no token
  --help, --version

Environment:
  COALESCE_ACCESS_TOKEN   a token from the Deploy tab of Coalesce
  COALESCE_BASE_URL       the account's host, unless it is the US one
  COALESCE_PROFILE        a profile of ~/.coa/config, instead of the two above
  COALESCE_TIME_ZONE      the zone of "last night" where a call names none, such as Europe/London
  COALESCE_MCP_HTTP_TOKEN the bearer token that --http asks of its clients
`

const refuse = (reason: string): Command => ({ _tag: "Refuse", text: `coalesce-runs-mcp: ${reason}\n\n${help}` })

const options = {
  "http": { type: "boolean" },
  "port": { type: "string" },
  "host": { type: "string" },
  "allowed-hosts": { type: "string", multiple: true },
  "demo": { type: "boolean" },
  "help": { type: "boolean", short: "h" },
  "version": { type: "boolean", short: "v" }
} as const

const parse = (args: ReadonlyArray<string>) => {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values
  } catch (error) {
    return error instanceof Error ? error.message.split(". ")[0] ?? "wrong arguments" : "wrong arguments"
  }
}

/** A name as `Host` and `Origin` are compared by: small letters, no port, IPv6 in brackets. None where it is no name. */
const hostname = (given: string): string | undefined => {
  const text = /^[^[\]]*:[^[\]]*:/.test(given) ? `[${given}]` : given
  if (/[/@?#*\\\s]/.test(text)) return undefined
  try {
    return new URL(`http://${text}`).hostname
  } catch {
    return undefined
  }
}

export const command = (args: ReadonlyArray<string>): Command => {
  const values = parse(args)
  if (typeof values === "string") return refuse(values)
  if (values.help === true) return { _tag: "Print", text: help }
  if (values.version === true) return { _tag: "Print", text: `${version}\n` }
  const demo = values.demo ?? false
  if (values.http !== true) {
    const only = (["port", "host", "allowed-hosts"] as const).find((name) => values[name] !== undefined)
    return only === undefined ? { _tag: "Serve", demo, http: undefined } : refuse(`--${only} goes with --http`)
  }
  const port = values.port ?? "3000"
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return refuse("--port is not a number from 0 to 65535")
  const host = (values.host ?? "127.0.0.1").trim().toLowerCase()
  if (host === "") return refuse("--host is empty")
  const given = (values["allowed-hosts"] ?? []).flatMap((list) => list.split(",")).map((name) => name.trim())
    .filter((name) => name !== "")
  const wrong = given.find((name) => hostname(name) === undefined)
  if (wrong !== undefined) {
    return refuse(`--allowed-hosts takes names such as runs.example, not ${JSON.stringify(wrong)}`)
  }
  return {
    _tag: "Serve",
    demo,
    http: {
      port: Number(port),
      host,
      allowedHosts: given.flatMap((name) => hostname(name) ?? [])
    }
  }
}
