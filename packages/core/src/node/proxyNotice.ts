/** Says whether Node's fetch uses the proxy that the environment names. It never shows the proxy's URL, which may hold a password. */

/** The process that sends the requests. */
export interface Process {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Of Node, such as `20.20.2`. Undefined for a runtime that always uses these variables, as Bun and Deno do. */
  readonly version: string | undefined
  /** The options that Node was started with. */
  readonly execArgv: ReadonlyArray<string>
}

const nonBlank = (text: string | undefined): text is string => text !== undefined && text.trim() !== ""

/** Whether NO_PROXY lists a host: by its name, as a domain that it is in, or with `*`. */
const isExcepted = (env: Process["env"], { host, hostname }: URL): boolean =>
  (env["no_proxy"] ?? env["NO_PROXY"] ?? "").toLowerCase().split(/[\s,]+/).some((entry) =>
    entry === "*" || entry === host || entry === hostname ||
    (entry !== "" && hostname.endsWith(entry.replace(/^\*?\.?/, ".")))
  )

// Node 24, and 22 from 22.21 on.
const canUse = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split(".").map(Number)
  return major >= 24 || (major === 22 && minor >= 21)
}

export const proxyNotice = ({ env, execArgv, version }: Process) => (url: URL): string | undefined => {
  const own = url.protocol === "https:" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy", "HTTP_PROXY"]
  const name = [...own, "all_proxy", "ALL_PROXY"].find((name) => nonBlank(env[name]))
  if (name === undefined || isExcepted(env, url)) return undefined
  if (version === undefined) return `The request went through the proxy of ${name}.`
  if (!canUse(version)) {
    return `${name} names a proxy, but fetch of Node ${version} does not use it: start Node 24 with NODE_USE_ENV_PROXY=1, or ` +
      "pass a dispatcher, such as undici's ProxyAgent, in FetchHttpClient.RequestInit."
  }
  const isOn = env["NODE_USE_ENV_PROXY"] === "1" || execArgv.includes("--use-env-proxy") ||
    /(^|\s)--use-env-proxy(\s|$)/.test(env["NODE_OPTIONS"] ?? "")
  if (own.includes(name)) {
    return isOn
      ? `The request went through the proxy of ${name}.`
      : `${name} names a proxy, but Node does not use it: set NODE_USE_ENV_PROXY=1.`
  }
  return `${name} names a proxy, but Node does not use it: set ${own[1]} instead${
    isOn ? "" : ", and NODE_USE_ENV_PROXY=1"
  }.`
}
