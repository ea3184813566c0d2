/**
 * Reads configuration as Coalesce's own tools do on a machine with Node: from the environment, then from a profile of
 * `~/.coa/config`. Keeps the checkpoints of watches in files.
 *
 * Import it as `@coalesce-runs/core/node`; nothing else in this package needs Node.
 *
 * @since 0.1.0
 */
/// <reference types="node" />
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as fs from "node:fs/promises"
import * as os from "node:os"
import * as path from "node:path"
import { ProxyNotice } from "./client/proxyNotice.ts"
import { checkSettings } from "./connection/options.ts"
import { assertOptions, type Expected, isPlain, required, text } from "./error/check.ts"
import * as checkpointFile from "./node/checkpointFile.ts"
import { decodeText } from "./node/decodeText.ts"
import { hasSettings, parseProfiles, type Profile } from "./node/parseProfiles.ts"
import { proxyNotice } from "./node/proxyNotice.ts"
import type { RunCheckpoint } from "./RunCheckpoint.ts"
import { InvalidConnection } from "./RunsError.ts"
import { cut, quote } from "./wire/text.ts"
import { isUnset } from "./wire/unset.ts"

/** Where to read from. */
export interface Options {
  /** The profile file. Default: `.coa/config` in the home directory. */
  readonly file?: string | undefined
  /** The name of the profile. Default: `COALESCE_PROFILE`, or `default`. */
  readonly profile?: string | undefined
  /** The environment. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
}

const environment: Expected = ["Expected an object of texts", isPlain]

const accessToken = "COALESCE_ACCESS_TOKEN"
const baseUrl = "COALESCE_BASE_URL"

// The variable of each key of a profile.
const variables: ReadonlyArray<readonly [key: string, variable: string]> = [
  ["token", accessToken],
  ["domain", baseUrl],
  ["environmentID", "COALESCE_ENVIRONMENT_ID"],
  ["projectID", "COALESCE_PROJECT_ID"]
]

/**
 * Makes a `ConfigProvider` from the environment and a profile of `~/.coa/config`.
 *
 * **Details**
 *
 * Each setting is read from the environment first, then from the profile that `COALESCE_PROFILE` names (Default:
 * `default`). Its `token` is read as `COALESCE_ACCESS_TOKEN`, its `domain` as `COALESCE_BASE_URL`, its
 * `environmentID` as `COALESCE_ENVIRONMENT_ID` and its `projectID` as `COALESCE_PROJECT_ID`. Blank values count as absent. So does what a client left where it filled in
 * nothing, such as `${input:host}` or `null`, and one warning names it; only a token of this kind stays, and is refused.
 * Every other variable of the environment can be read through it as well.
 *
 * Without a file, or without a `default` profile in it, only the environment is read. A named profile that does not exist
 * fails with `InvalidConnection`, and so does a file that cannot be read or understood, unless the environment has both the
 * token and the base URL. The file is text in UTF-8 or UTF-16. A token and a host from two places may belong to two
 * regions, so that is logged as a warning.
 */
export const configProvider: (
  options?: Options
) => Effect.Effect<ConfigProvider.ConfigProvider, InvalidConnection> = Effect.fnUntraced(function*(options = {}) {
  yield* checkSettings<Options>(options, { file: text, profile: text, env: environment })
  const given = options.env ?? process.env
  const env: Record<string, string> = {}
  const unfilled = new Map<string, string>()
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value.trim() === "") continue
    if (name.startsWith("COALESCE_") && isUnset(value)) unfilled.set(name, value)
    else env[name] = value
  }
  const profile = yield* readProfile(options, env)
  const fromProfile = new Set<string>()
  for (const [key, variable] of variables) {
    const value = profile.settings.get(key)
    if (value === undefined || value.trim() === "" || env[variable] !== undefined) continue
    if (isUnset(value) && variable !== accessToken) unfilled.set(`${key} of ${profile.place}`, value)
    else {
      env[variable] = value
      fromProfile.add(variable)
    }
  }
  const token = unfilled.get(accessToken)
  // Where nothing else has a token, it is refused for what it is, and not said to be missing.
  if (token !== undefined && env[accessToken] === undefined) {
    env[accessToken] = token
    unfilled.delete(accessToken)
  }
  if (unfilled.size > 0) {
    const one = unfilled.size === 1
    yield* Effect.logWarning(
      `${[...unfilled.keys()].join(", ")} ${
        one ? "holds a placeholder" : "hold placeholders"
      } that the client did not fill in: ` +
        `${one ? "it counts" : "they count"} as not set.`
    )
  }
  const isSplit = env[accessToken] !== undefined && env[baseUrl] !== undefined &&
    fromProfile.has(accessToken) !== fromProfile.has(baseUrl)
  if (isSplit) {
    const [token, host] = [accessToken, baseUrl].map((name) => fromProfile.has(name) ? profile.place : name)
    yield* Effect.logWarning(
      `The access token comes from ${token} and the host from ${host}. ` +
        "A token belongs to one region: if the two do not match, every request fails with 401."
    )
  }
  return ConfigProvider.fromEnvRecord(env)
})

/**
 * Lets an error of the network say of the proxy that a variable names (`HTTPS_PROXY`, `HTTP_PROXY`) whether it was used. Provide
 * it to a layer of `RunsClient`; {@link layerConfigProvider} has it already.
 */
export const layerProxyNotice = (options: Pick<Options, "env"> = {}): Layer.Layer<never> => {
  assertOptions(options, { env: environment })
  return layerNotice(options.env)
}

const layerNotice = (env: Options["env"] = process.env): Layer.Layer<never> =>
  Layer.sync(ProxyNotice, () =>
    proxyNotice({
      env,
      version: "bun" in process.versions || "deno" in process.versions ? undefined : process.versions.node,
      execArgv: process.execArgv
    }))

/** Provides {@link configProvider} to a program, or to `RunsClient.layerConfig()`, and {@link layerProxyNotice}. */
export const layerConfigProvider = (options?: Options): Layer.Layer<never, InvalidConnection> =>
  Layer.merge(ConfigProvider.layer(configProvider(options)), layerNotice(options?.env))

/**
 * Keeps the checkpoints of watches in the files of a directory, which it makes.
 *
 * **Details**
 *
 * Each save is a file of its own that appears whole or not at all, whenever the process is killed. Several processes of one
 * machine can share the directory: of two that replace the same version, one gets a `CheckpointConflict`. The file system
 * needs hard links; a directory on a network may lack them, or their promise.
 */
export const layerCheckpointFile = (options: {
  /** Such as `runs.state`. It holds the last three versions of each key. */
  readonly directory: string
}): Layer.Layer<RunCheckpoint> => {
  assertOptions(options, { directory: required(text) })
  return checkpointFile.layer(options.directory)
}

interface ReadProfile {
  readonly settings: Profile
  /** Which profile of which file, in words. */
  readonly place: string
}

const noProfile: ReadProfile = { settings: new Map(), place: "no profile" }

const readProfile = Effect.fnUntraced(function*(options: Options, env: Readonly<Record<string, string>>) {
  const name = nonBlank(options.profile) ?? nonBlank(env["COALESCE_PROFILE"])
  const refuse = (reason: string) => Effect.fail(new InvalidConnection({ field: "profile", reason }))

  const file = options.file ?? defaultFile()
  if (file === undefined) {
    return name === undefined
      ? noProfile
      : yield* refuse(`there is no home directory that could hold the profile ${quoted(name)}`)
  }
  // The file is not needed if the environment has all that a connection needs.
  const isNeeded = name !== undefined || env[accessToken] === undefined || env[baseUrl] === undefined
  const bytes = yield* Effect.result(Effect.tryPromise((signal) => fs.readFile(file, { signal })))
  if (Result.isFailure(bytes)) {
    const { cause } = bytes.failure
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown reason"
    // ENOTDIR: `.coa` is a file.
    if (code === "ENOENT" || code === "ENOTDIR") {
      return name === undefined ? noProfile : yield* refuse(`there is no file ${file} with the profile ${quoted(name)}`)
    }
    if (!isNeeded) return noProfile
    return yield* refuse(
      `${file} cannot be read (${code}); check its permissions, or set ${accessToken} and ${baseUrl}`
    )
  }
  const content = decodeText(bytes.success)
  const profiles = content === undefined ? new Map<string, Profile>() : parseProfiles(content)
  if (profiles.size === 0 && (content === undefined || hasSettings(content))) {
    if (!isNeeded) return noProfile
    return yield* refuse(
      content === undefined
        ? `${file} is not text in UTF-8 or UTF-16; save it as UTF-8`
        : `${file} has no profile; expected a line such as [default], and below it lines such as token = …`
    )
  }
  const settings = profiles.get(name ?? "default")
  if (settings !== undefined) return { settings, place: `the profile ${quoted(name ?? "default")} of ${file}` }
  if (name === undefined) return noProfile
  return yield* refuse(`there is no profile ${quoted(name)} in ${file}; ${namesOf([...profiles.keys()])}`)
})

const nonBlank = (text: string | undefined): string | undefined => {
  const trimmed = text?.trim()
  return trimmed === "" ? undefined : trimmed
}

// A token that was set as the name of a profile by mistake is not shown: long, without a space, with letters and digits.
const looksSecret = (name: string): boolean => /^(?=.*\d)(?=.*[a-z])\S{20,}$/i.test(name)

// A name comes from outside, so it is cut and quoted.
const quoted = (name: string): string =>
  looksSecret(name)
    ? `(${name.length} characters that look like a token: set it as ${accessToken})`
    : quote(cut(name, 64))

const namesOf = (names: ReadonlyArray<string>): string =>
  names.length === 0
    ? "it has none"
    : `it has ${names.slice(0, 20).map(quoted).join(", ")}${names.length > 20 ? ` and ${names.length - 20} more` : ""}`

const defaultFile = (): string | undefined => {
  try {
    return path.join(os.homedir(), ".coa", "config")
  } catch {
    // A container may run as a user that has no home.
    return undefined
  }
}
