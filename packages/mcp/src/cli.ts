/** Reads the command line: what to serve, or what to print before it ends. */
import { parseArgs } from "node:util"
import { version } from "./version.ts"

export interface HttpOptions {
  readonly port: number
  readonly host: string
  readonly path: string
  readonly allowedHosts: ReadonlyArray<string>
  /** How long a client may take to send a request, and to read on in a response, in milliseconds. */
  readonly requestMillis: number
}

export interface Serve {
  readonly _tag: "Serve"
  readonly isDemo: boolean
  readonly isStructured: boolean
  /** Over HTTP; over stdio where it is absent. */
  readonly http: HttpOptions | undefined
}

export type Command =
  | Serve
  | { readonly _tag: "Print"; readonly text: string }
  | { readonly _tag: "Refuse"; readonly text: string }

export const help = `coalesce-runs-mcp ${version}: Coalesce runs for AI assistants, over MCP

Usage: coalesce-runs-mcp [--demo] [--structured]
       coalesce-runs-mcp --http [--port 3000] [--host 127.0.0.1] [--path /mcp] [--allowed-hosts a,b]
                         [--request-timeout 60] [--demo] [--structured]

  (no flag)             serves over stdio, as MCP clients expect
  --http                serves Streamable HTTP at /mcp, and /health, /ready and /metrics
  --port <number>       Default: 3000. 0 takes a free port
  --host <address>      Default: 127.0.0.1. Any address beyond loopback needs COALESCE_MCP_HTTP_TOKEN
  --path <path>         serves MCP at this path. Default: /mcp
  --allowed-hosts <a,b> accepts these names in the Host and Origin headers, besides those of loopback
  --request-timeout <seconds>
                        ends a connection whose client takes longer to send a request, or to read on in a
                        response. Default: 60
  --demo                serves sample data from a simulator on this machine, without an account or a token
  --structured          adds structured content with a schema to each result, at about twice the tokens
  --help, --version

Environment:
  COALESCE_ACCESS_TOKEN   a token from the Deploy tab of Coalesce
  COALESCE_BASE_URL       the host of your account. Default: the US host
  COALESCE_PROFILE        a profile of ~/.coa/config, instead of the two above
  COALESCE_ALLOW_INSECURE_HOST
                          a host of your own that may get the token over http:, such as a simulator
  COALESCE_TIME_ZONE      the zone of "last night" for calls that name none, such as Europe/London
  COALESCE_PROJECT_ID     one project, whose runs alone are listed, such as 2
  COALESCE_ENVIRONMENTS   names for environments, such as 3=production,2=QA
  COALESCE_USERS          names for users, in the same form
  COALESCE_MCP_STRUCTURED 1 is the same as --structured
  COALESCE_MCP_HTTP_TOKEN the bearer token that clients of --http must send
`

const refuse = (reason: string): Command => ({ _tag: "Refuse", text: `coalesce-runs-mcp: ${reason}\n\n${help}` })

const options = {
  "http": { type: "boolean" },
  "port": { type: "string" },
  "host": { type: "string" },
  "path": { type: "string" },
  "allowed-hosts": { type: "string", multiple: true },
  "request-timeout": { type: "string" },
  "demo": { type: "boolean" },
  "structured": { type: "boolean" },
  "help": { type: "boolean", short: "h" },
  "version": { type: "boolean", short: "v" }
} as const

const httpOnly = ["port", "host", "path", "allowed-hosts", "request-timeout"] as const

const parse = (args: ReadonlyArray<string>) => {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values
  } catch (error) {
    return error instanceof Error ? error.message.split(". ")[0] ?? "wrong arguments" : "wrong arguments"
  }
}

/** Returns a name in the form of `Host` and `Origin`: lower case, no port, IPv6 in brackets. */
const hostname = (given: string): string | undefined => {
  const text = /^[^[\]]*:[^[\]]*:/.test(given) ? `[${given}]` : given
  if (/[/@?#*\\\s]/.test(text)) return undefined
  try {
    return new URL(`http://${text}`).hostname
  } catch {
    return undefined
  }
}

const isSet = (variable: string | undefined): boolean => /^\s*(1|true|yes|on)\s*$/i.test(variable ?? "")

export const command = (
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string | undefined>> = {}
): Command => {
  const values = parse(args)
  if (typeof values === "string") return refuse(values)
  if (values.help === true) return { _tag: "Print", text: help }
  if (values.version === true) return { _tag: "Print", text: `${version}\n` }
  const serve = {
    _tag: "Serve",
    isDemo: values.demo ?? false,
    isStructured: values.structured ?? isSet(env["COALESCE_MCP_STRUCTURED"])
  } as const
  if (values.http !== true) {
    const only = httpOnly.find((name) => values[name] !== undefined)
    return only === undefined ? { ...serve, http: undefined } : refuse(`--${only} requires --http`)
  }
  const port = values.port ?? "3000"
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return refuse("--port must be a number from 0 to 65535")
  const host = (values.host ?? "127.0.0.1").trim().toLowerCase()
  if (host === "") return refuse("--host is empty")
  const path = `/${(values.path ?? "/mcp").trim().replace(/^\/+|\/+$/g, "")}`
  if (!/^\/[\w.~/-]+$/.test(path)) return refuse("--path must be a path such as /coalesce/mcp")
  if (["/health", "/ready", "/metrics"].includes(path)) return refuse(`--path ${path} is taken by a probe`)
  const given = (values["allowed-hosts"] ?? []).flatMap((list) => list.split(",")).map((name) => name.trim())
    .filter((name) => name !== "")
  const wrong = given.find((name) => hostname(name) === undefined)
  if (wrong !== undefined) {
    return refuse(`--allowed-hosts takes names such as runs.example, not ${JSON.stringify(wrong)}`)
  }
  const seconds = values["request-timeout"] ?? "60"
  if (!/^[1-9]\d{0,3}$/.test(seconds)) return refuse("--request-timeout must be a number of seconds from 1 to 9999")
  return {
    ...serve,
    http: {
      port: Number(port),
      host,
      path,
      allowedHosts: given.flatMap((name) => hostname(name) ?? []),
      requestMillis: Number(seconds) * 1000
    }
  }
}
