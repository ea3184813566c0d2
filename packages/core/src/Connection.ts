/**
 * The host of the API and the access token, checked before any request.
 *
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { howToGetToken, variables } from "./connection/environment.ts"
import { checkSettings, connectionShape } from "./connection/options.ts"
import { InvalidConnection } from "./RunsError.ts"
import { isUnset } from "./wire/unset.ts"

export { isPlaceholder, isUnset } from "./wire/unset.ts"

// Named once each: a bundle of a program that lists runs holds all of them.
function hostsOf<const Name extends string>(
  names: ReadonlyArray<Name>
): { readonly [N in Name]: `https://app.${N}.coalescesoftware.io` }
function hostsOf(names: ReadonlyArray<string>): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, `https://app.${name}.coalescesoftware.io`]))
}

/**
 * The hosts that Coalesce publishes, by a short name: the part between `app.` and `.coalescesoftware.io`.
 *
 * **Gotchas**
 *
 * The list is a convenience and it grows; it does not limit what is allowed. Use `baseUrl` for any other host, such as
 * your own single sign-on subdomain.
 */
export const regions = {
  us: "https://app.coalescesoftware.io",
  ...hostsOf([
    "eu",
    "europe-west1.gcp",
    "eu-west-2.aws",
    "australia-southeast1.gcp",
    "northamerica-northeast1.gcp",
    "us-east-1.aws",
    "us-east-1.aws.privatelink",
    "us-west-2.aws",
    "us-west-2.aws.privatelink",
    "centralus.azure",
    "westus2.azure",
    "eastus2.azure"
  ])
} as const

/** The short name of a published host. */
export type Region = keyof typeof regions

/** The settings of a connection, but for its token. */
export interface HostOptions {
  /**
   * The host, with or without `https://`, a trailing `/`, `/api` or `/api/v1`, and the path of the API behind a gateway.
   * Default: `https://app.coalescesoftware.io`, the US host.
   */
  readonly baseUrl?: string | undefined
  /** A published host by its short name, instead of `baseUrl`. */
  readonly region?: Region | undefined
  /**
   * Allows `http:` to this one host, such as `simulator` for a simulator in another container. The token crosses the
   * network unencrypted, so name only a host of your own. Without it, `http:` is allowed to this machine only.
   */
  readonly allowInsecureHost?: string | undefined
  /**
   * The project whose runs are listed, where a query names no other. It is sent unchecked: see `projectID` of
   * `ListRunsQuery`. A placeholder that a client did not fill in counts as not set. Default: every project.
   */
  readonly projectID?: string | undefined
}

/** The settings of a connection. */
export interface Options extends HostOptions {
  /** A token from the Deploy tab of Coalesce. It belongs to one region. Space around it is removed. */
  readonly accessToken: string | Redacted.Redacted<string>
}

/** A checked connection. It can be logged: the token shows as `<redacted>`. */
export interface Connection {
  /** Scheme and host, and the path of a gateway if it has one; no trailing slash, no `/api`. */
  readonly origin: string
  /** Visible ASCII, without space around it. */
  readonly accessToken: Redacted.Redacted<string>
  /** The project whose runs are listed. Absent for every project. */
  readonly projectID?: string
}

const placeholder = "it is a placeholder that the client did not fill in; "
const setToken = "set the token as `accessToken`"
const leaveOut = "leave it out for the US host"

const invalid = (field: InvalidConnection["field"], reason: string) =>
  Effect.fail(new InvalidConnection({ field, reason }))

/**
 * Checks the settings of a connection, and brings the host into one form.
 *
 * **Details**
 *
 * An invalid setting fails with `InvalidConnection`, which names the setting and never contains the token or the URL.
 *
 * Invalid are a token that is empty or holds anything but visible ASCII; a URL with credentials, a query or a fragment;
 * and `http:` to any host but this machine (`localhost`, `127.0.0.0/8`, `[::1]`) and `allowInsecureHost`. A host without
 * a scheme is read as `https:`, and this machine as `http:`.
 *
 * **Example** (A host in the form that a person pastes)
 *
 * ```ts
 * import { Connection } from "@coalesce-runs/core"
 * import * as Effect from "effect/Effect"
 *
 * const connection = Effect.runSync(Connection.make({
 *   accessToken: "a-token",
 *   baseUrl: "abcompany.app.eu.coalescesoftware.io/api/v1/"
 * }))
 *
 * connection.origin // => "https://abcompany.app.eu.coalescesoftware.io"
 * String(connection.accessToken) // => "<redacted>"
 * ```
 */
export const make: (options: Options) => Effect.Effect<Connection, InvalidConnection> = (options) =>
  Effect.flatMap(checkSettings(options, connectionShape), checked)

const checked: (options: Options) => Effect.Effect<Connection, InvalidConnection> = Effect.fnUntraced(
  function*(options) {
    const token = yield* checkToken(options.accessToken)
    const origin = yield* checkHost(options, token)
    const { projectID } = options
    return {
      origin,
      accessToken: Redacted.make(token),
      ...(projectID === undefined || isUnset(projectID) ? {} : { projectID: projectID.trim() })
    }
  }
)

const checkToken = (given: Options["accessToken"]): Effect.Effect<string, InvalidConnection> => {
  const text: unknown = Redacted.isRedacted(given) ? Redacted.value(given) : given
  // Plain JavaScript, and a token read from nowhere, arrive here as `undefined`.
  const token = typeof text === "string" ? text.trim() : ""
  if (token === "") {
    return invalid("accessToken", `it is missing or empty; ${howToGetToken}`)
  }
  if (isUnset(token)) {
    return invalid("accessToken", placeholder + howToGetToken)
  }
  if (/^bearer\s/i.test(token)) return invalid("accessToken", "it starts with \"Bearer\"; use the token alone")
  if (!/^[\x21-\x7e]+$/.test(token)) {
    return invalid("accessToken", "it contains a space, a line break or a character that is not ASCII; copy it again")
  }
  if (/^(["']).*\1$/.test(token)) return invalid("accessToken", "it is in quotation marks; use the token alone")
  return Effect.succeed(token)
}

const checkHost = (options: Options, token: string): Effect.Effect<string, InvalidConnection> => {
  if (options.region === undefined) {
    return options.baseUrl === undefined
      ? Effect.succeed(regions.us)
      : parseBaseUrl(options.baseUrl, token, options.allowInsecureHost)
  }
  if (options.baseUrl !== undefined) return invalid("region", "set either `region` or `baseUrl`, not both")
  if (!Object.hasOwn(regions, options.region)) {
    return invalid(
      "region",
      `it is not a known name (${Object.keys(regions).join(", ")}); set any other host as \`baseUrl\``
    )
  }
  return Effect.succeed(regions[options.region])
}

const parseBaseUrl = (
  given: string,
  token: string,
  insecureHost: string | undefined
): Effect.Effect<string, InvalidConnection> => {
  const refuse = (reason: string) => invalid("baseUrl", reason)
  const text = given.trim()
  if (text === "") return refuse(`it is empty; ${leaveOut}`)
  if (isUnset(text)) return refuse(placeholder + leaveOut)
  if (holdsToken(text, token) || holdsToken(decoded(text), token)) {
    return refuse(`it contains the access token; ${setToken} only`)
  }
  if (looksLikeToken(text)) return refuse(`it looks like a token; ${setToken}, and here the host`)
  // `new URL` drops tabs and line breaks and turns a backslash into a slash: what is checked must be what was given.
  if (/[\s\\\p{Cc}\p{Cf}]/u.test(text)) return refuse("it contains a space, a line break or a backslash")

  const scheme = /^([^/?#@]*):\/\//.exec(text)?.[1]?.toLowerCase()
  if (scheme !== undefined && scheme !== "https" && scheme !== "http") return refuse("it is not an https: URL")
  const url = parseUrl(scheme === undefined ? `https://${text}` : text)
  if (url === undefined || text.startsWith("/")) return refuse("it is not the URL of a host")
  // An empty user name leaves nothing in `url.username`.
  if (/^([^/?#]*:\/\/)?[^/?#]*@/.test(text)) {
    return refuse(`it contains credentials; ${setToken}`)
  }
  // A bare `?` or `#` leaves nothing in `search` and `hash`.
  if (/[?#]/.test(text)) return refuse("it has a query or a fragment; use the host alone")

  const local = isLoopback(url.hostname)
  if (scheme === undefined && !local && !/[.:]/.test(url.host)) {
    return refuse(`it is not the name of a host (a short name, such as "eu", is a \`region\`)`)
  }
  if (scheme === "http" && !local && !isNamed(insecureHost, url)) {
    return refuse(
      "`http:` would send the token unencrypted. Use `https://`, or name the host in `allowInsecureHost` (COALESCE_ALLOW_INSECURE_HOST) if it is yours"
    )
  }

  const path = url.pathname.replace(/\/+$/, "").replace(/\/api(\/v1)?$/i, "").replace(/\/+$/, "")
  if (path !== "" && /(^|\.)coalescesoftware\.io\.?$/.test(url.hostname)) {
    return refuse("it has a path that the API does not have; use the host alone")
  }
  const protocol = scheme === undefined && local ? "http:" : url.protocol
  return Effect.succeed(`${protocol}//${url.host}${path}`)
}

// A host is lower-cased and a path may be escaped, so the text is compared as given. A very short token is found in
// many a URL by chance.
const holdsToken = (text: string, token: string): boolean =>
  text === token || (token.length >= 8 && text.toLowerCase().includes(token.toLowerCase()))

// Encoded once or more often.
const decoded = (text: string): string => {
  let plain = text
  try {
    for (let times = 0; times < 4 && plain.includes("%"); times++) plain = decodeURIComponent(plain)
  } catch {
    // What is no encoding is compared as it is.
  }
  return plain
}

/** A JWT, or a part between dots that no host has: mixed letters and digits, or more than 63 characters. */
const looksLikeToken = (text: string): boolean => {
  const host = text.replace(/^[^/]*:\/\//, "").split("/")[0] ?? ""
  return /^ey[\w-]{8,}\.[\w-]{8,}\./.test(host) ||
    host.split(".").some((label) => label.length > 63 || /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w-]{20,}$/.test(label))
}

const parseUrl = (text: string): URL | undefined => {
  try {
    return new URL(text)
  } catch {
    // The error of `new URL` repeats its input, which may hold a secret.
    return undefined
  }
}

/** With its port or without it, as the host stands in the URL. */
const isNamed = (insecureHost: string | undefined, { host, hostname }: URL): boolean => {
  const name = insecureHost?.trim().toLowerCase()
  return name === host || name === hostname
}

// `new URL` has already written every form of an address, such as `127.1`, in full.
const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname)

/**
 * Reads {@link Options} from the variables `COALESCE_ACCESS_TOKEN`, `COALESCE_BASE_URL`, `COALESCE_PROJECT_ID` and
 * `COALESCE_ALLOW_INSECURE_HOST` of the current `ConfigProvider`. Default: the environment.
 *
 * **Details**
 *
 * The values are read here and checked by {@link make}. A variable that is empty counts as absent. Without a token it
 * fails with a `ConfigError`, so that it can be defaulted like any `Config`; `RunsClient.layerConfig` fails with
 * `InvalidConnection` instead.
 */
export const config: Config.Config<Options> = Config.all(variables)
