/** The variables that a connection is read from, each by itself. */
import * as Config from "effect/Config"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

export const howToGetToken =
  "create a token on the Deploy tab of Coalesce, and set COALESCE_ACCESS_TOKEN or `accessToken`"

const optional = (name: string): Config.Config<string | undefined> => Config.withDefault(Config.String(name), undefined)

export const variables = {
  accessToken: Config.map(
    Config.schema(
      Schema.String.annotate({ message: `No access token: ${howToGetToken}` }),
      "COALESCE_ACCESS_TOKEN"
    ),
    (token) => Redacted.make(token)
  ),
  baseUrl: optional("COALESCE_BASE_URL"),
  allowInsecureHost: optional("COALESCE_ALLOW_INSECURE_HOST"),
  projectID: optional("COALESCE_PROJECT_ID")
}
