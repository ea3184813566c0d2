/** Collects all that could be printed while a schedule is read, and searches it for the token and for credentials. */
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import { inspect } from "node:util"

export interface Watched {
  readonly token: string
  /** Where logs and spans go. */
  readonly layer: Layer.Layer<never>
  /** Adds a value to what is searched for the token. */
  readonly say: (value: unknown) => void
  /** Adds a text for people, which may hold no credentials. */
  readonly tell: (text: string) => void
  /** All texts: those of values, and those of logs and spans, which may hold no credentials either. */
  readonly texts: () => { readonly said: ReadonlyArray<string>; readonly told: ReadonlyArray<string> }
}

const shown = (value: unknown): string => inspect(value, { depth: 8, maxStringLength: null })

const ofError = (error: Error): string =>
  [shown(error), inspect(error, { showHidden: true }), JSON.stringify(error), String(error), error.stack].join("\n")

/** A span as an exporter sees it: what a span ended with comes out where it failed. */
const ofSpan = ({ attributes, name, status }: Tracer.Span): string =>
  shown([
    name,
    [...attributes],
    status._tag === "Ended" && Exit.isFailure(status.exit) ? status.exit.cause : status._tag
  ])

export const watched = (token: string): Watched => {
  const said: Array<string> = []
  const told: Array<string> = []
  const spans: Array<Tracer.Span> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  const logger = Logger.make(({ cause, fiber, message }) => {
    told.push(shown([message, cause, fiber.getRef(References.CurrentLogAnnotations)]))
  })
  return {
    token,
    layer: Layer.mergeAll(Layer.succeed(Tracer.Tracer, tracer), Logger.layer([logger])),
    say: (value) => {
      if (value instanceof Error) told.push(ofError(value))
      else said.push(JSON.stringify(value))
    },
    tell: (text) => void told.push(text),
    texts: () => ({
      said,
      told: [...told, ...spans.map(ofSpan)]
    })
  }
}

/** The beginning of every credential that the server shows. */
const credential = "CANARY_"

/** Returns where the token is, or a credential; undefined where neither is anywhere. */
export const canaries = ({ texts, token }: Watched): string | undefined => {
  const { said, told } = texts()
  const secrets = [token, encodeURIComponent(token), Buffer.from(token).toString("base64"), token.slice(0, 14)]
  const leak = [...said, ...told].find((text) => secrets.some((secret) => text.includes(secret))) ??
    told.find((text) => text.includes(credential))
  return leak === undefined ? undefined : `a secret came out: ${leak.slice(0, 500)}`
}
