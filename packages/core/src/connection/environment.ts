/** The variables that a connection is read from, each by itself. */
import * as Config from "effect/Config"
import * as Schema from "effect/Schema"

export const howToGetToken =
  "create a token on the Deploy tab of Coalesce, and set COALESCE_ACCESS_TOKEN or `accessToken`"

const optional = (name: string): Config.Config<string | undefined> => Config.withDefault(Config.String(name), undefined)

export const variables = {
  accessToken: Config.schema(
    Schema.Redacted(Schema.String.annotate({ message: `No access token: ${howToGetToken}` })),
    "COALESCE_ACCESS_TOKEN"
  ),
  baseUrl: optional("COALESCE_BASE_URL"),
  allowInsecureHost: optional("COALESCE_ALLOW_INSECURE_HOST")
}
