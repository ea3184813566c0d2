/**
 * Where the API is and who asks: the origin of a Coalesce host and an access token, checked before any request.
 *
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { InvalidConnection } from "./RunsError.ts"

/**
 * The hosts that Coalesce has published, by a short name: what stands between `app.` and `.coalescesoftware.io`.
 *
 * **Gotchas**
 *
 * The list is a convenience and it grows; it is not a list of what is allowed. Any other host, such as a customer's
 * own single sign-on subdomain, is given as `baseUrl`.
 *
 * @category constants
 * @since 0.1.0
 */
export const regions = {
  "us": "https://app.coalescesoftware.io",
  "eu": "https://app.eu.coalescesoftware.io",
  "europe-west1.gcp": "https://app.europe-west1.gcp.coalescesoftware.io",
  "eu-west-2.aws": "https://app.eu-west-2.aws.coalescesoftware.io",
  "australia-southeast1.gcp": "https://app.australia-southeast1.gcp.coalescesoftware.io",
  "northamerica-northeast1.gcp": "https://app.northamerica-northeast1.gcp.coalescesoftware.io",
  "us-east-1.aws": "https://app.us-east-1.aws.coalescesoftware.io",
  "us-east-1.aws.privatelink": "https://app.us-east-1.aws.privatelink.coalescesoftware.io",
  "us-west-2.aws": "https://app.us-west-2.aws.coalescesoftware.io",
  "us-west-2.aws.privatelink": "https://app.us-west-2.aws.privatelink.coalescesoftware.io",
  "centralus.azure": "https://app.centralus.azure.coalescesoftware.io",
  "westus2.azure": "https://app.westus2.azure.coalescesoftware.io",
  "eastus2.azure": "https://app.eastus2.azure.coalescesoftware.io"
} as const

/**
 * The short name of a published host.
 *
 * @category models
 * @since 0.1.0
 */
export type Region = keyof typeof regions

/**
 * What a connection is made of.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options {
  /** A token from the Deploy tab of Coalesce. It belongs to one region. Space around it is dropped. */
  readonly accessToken: string | Redacted.Redacted<string>
  /**
   * The host, with or without `https://`, a trailing `/`, `/api` or `/api/v1`, and behind a proxy with the path that
   * the API has there. The US host where neither this nor `region` is given.
   */
  readonly baseUrl?: string | undefined
  /** A published host by its short name, instead of `baseUrl`. */
  readonly region?: Region | undefined
}

/**
 * A checked connection. It can be logged: the token shows as `<redacted>`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Connection {
  /** Scheme and host, and a proxy's path where there is one; no trailing slash, no `/api`. */
  readonly origin: string
  /** Visible ASCII, without space around it. */
  readonly accessToken: Redacted.Redacted<string>
}

const invalid = (field: InvalidConnection["field"], reason: string) =>
  Effect.fail(new InvalidConnection({ field, reason }))

const whereTokensAre = "make one on the Deploy tab of Coalesce"

/**
 * Checks a token and a host, and brings the host into one form.
 *
 * **Details**
 *
 * Fails with `InvalidConnection`, which says what is wrong without repeating the token or the URL: either may hold the
 * secret.
 *
 * Refused are a token that is empty or holds anything but visible ASCII; a URL with credentials, a query or a fragment;
 * and `http:` to anything but this machine (`localhost`, `127.0.0.0/8`, `[::1]`). Without a scheme a host is read as
 * `https:`, and one of this machine as `http:`.
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
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: (options: Options) => Effect.Effect<Connection, InvalidConnection> = Effect.fnUntraced(
  function*(options) {
    const token = yield* checkToken(options.accessToken)
    const origin = yield* checkHost(options, token)
    return { origin, accessToken: Redacted.make(token) }
  }
)

const checkToken = (given: Options["accessToken"]): Effect.Effect<string, InvalidConnection> => {
  const text: unknown = Redacted.isRedacted(given) ? Redacted.value(given) : given
  // Plain JavaScript, and a token read from nowhere, arrive here as `undefined`.
  const token = typeof text === "string" ? text.trim() : ""
  if (token === "") {
    return invalid("accessToken", `it is empty; ${whereTokensAre} (the COALESCE_ACCESS_TOKEN variable)`)
  }
  if (/^bearer\s/i.test(token)) return invalid("accessToken", "it starts with \"Bearer\"; give the token alone")
  if (!/^[\x21-\x7e]+$/.test(token)) {
    return invalid("accessToken", "it holds a space, a line break or a character that is not ASCII; copy it again")
  }
  if (/^(["']).*\1$/.test(token)) return invalid("accessToken", "it is in quotation marks; give the token alone")
  return Effect.succeed(token)
}

const checkHost = (options: Options, token: string): Effect.Effect<string, InvalidConnection> => {
  if (options.region === undefined) {
    return options.baseUrl === undefined ? Effect.succeed(regions.us) : parseBaseUrl(options.baseUrl, token)
  }
  if (options.baseUrl !== undefined) return invalid("region", "give either `region` or `baseUrl`, not both")
  if (!Object.hasOwn(regions, options.region)) {
    return invalid(
      "region",
      `it is none of the names known here (${Object.keys(regions).join(", ")}); give any other host as \`baseUrl\``
    )
  }
  return Effect.succeed(regions[options.region])
}

const parseBaseUrl = (given: string, token: string): Effect.Effect<string, InvalidConnection> => {
  const refuse = (reason: string) => invalid("baseUrl", reason)
  const text = given.trim()
  if (text === "") return refuse("it is empty; leave it out for the US host")
  if (holdsToken(text, token)) return refuse("it holds the access token; give the token as `accessToken` only")
  // `new URL` drops tabs and line breaks and turns a backslash into a slash: what is checked must be what was given.
  if (/[\s\\\p{Cc}\p{Cf}]/u.test(text)) return refuse("it holds a space, a line break or a backslash")

  const scheme = /^([^/?#@]*):\/\//.exec(text)?.[1]?.toLowerCase()
  if (scheme !== undefined && scheme !== "https" && scheme !== "http") return refuse("it is not an https: URL")
  const url = parseUrl(scheme === undefined ? `https://${text}` : text)
  if (url === undefined || text.startsWith("/")) return refuse("it is not the URL of a host")
  // An empty user name leaves nothing in `url.username`.
  if (/^([^/?#]*:\/\/)?[^/?#]*@/.test(text)) {
    return refuse("it holds credentials; give the token as `accessToken`")
  }
  // A bare `?` or `#` leaves nothing in `search` and `hash`.
  if (/[?#]/.test(text)) return refuse("it has a query or a fragment; give the host alone")

  const local = isLoopback(url.hostname)
  if (scheme === undefined && !local && !/[.:]/.test(url.host)) {
    return refuse(`it is not the name of a host (a short name, such as "eu", is a \`region\`)`)
  }
  if (scheme === "http" && !local) {
    return refuse("it is an http: URL, which would show the token to the network; only this machine is reached so")
  }

  const path = url.pathname.replace(/\/+$/, "").replace(/\/api(\/v1)?$/i, "").replace(/\/+$/, "")
  if (path !== "" && /(^|\.)coalescesoftware\.io\.?$/.test(url.hostname)) {
    return refuse("it has a path that the API does not have; give the host alone")
  }
  const protocol = scheme === undefined && local ? "http:" : url.protocol
  return Effect.succeed(`${protocol}//${url.host}${path}`)
}

// A host is lower-cased and a path may be escaped, so the text is compared as given. A very short token is found in
// many a URL by chance.
const holdsToken = (text: string, token: string): boolean =>
  text === token || (token.length >= 8 && text.toLowerCase().includes(token.toLowerCase()))

const parseUrl = (text: string): URL | undefined => {
  try {
    return new URL(text)
  } catch {
    // The error of `new URL` repeats its input, which may hold a secret.
    return undefined
  }
}

// `new URL` has already written every form of an address, such as `127.1`, in full.
const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname)

/**
 * Reads {@link Options} from the variables `COALESCE_ACCESS_TOKEN` and `COALESCE_BASE_URL` of the current
 * `ConfigProvider`, which is the environment unless another is provided.
 *
 * **Details**
 *
 * The values are read here and checked by {@link make}. A variable that is empty counts as absent. Without a token it
 * fails with a `ConfigError` that says where to get one.
 *
 * **Example** (A connection from the environment)
 *
 * ```ts
 * import { Connection } from "@coalesce-runs/core"
 * import * as ConfigProvider from "effect/ConfigProvider"
 * import * as Effect from "effect/Effect"
 *
 * const env = ConfigProvider.fromEnv({ env: { COALESCE_ACCESS_TOKEN: "a-token" } })
 * const program = Connection.config.pipe(
 *   Effect.flatMap(Connection.make),
 *   Effect.provideService(ConfigProvider.ConfigProvider, env)
 * )
 *
 * Effect.runSync(program).origin // => "https://app.coalescesoftware.io"
 * ```
 *
 * @category configuration
 * @since 0.1.0
 */
export const config: Config.Config<Options> = Config.map(
  Config.all({
    accessToken: Config.schema(
      Schema.Redacted(Schema.String.annotate({ message: `No access token: ${whereTokensAre} and set it` })),
      "COALESCE_ACCESS_TOKEN"
    ),
    baseUrl: Config.option(Config.String("COALESCE_BASE_URL"))
  }),
  ({ accessToken, baseUrl }) => ({ accessToken, baseUrl: Option.getOrUndefined(baseUrl) })
)
