/** `alerts`: is alerts.yml right, do its destinations take messages, and what did they not take? */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Option from "effect/Option"
import * as flags from "../flags.ts"
import { onDemand } from "../onDemand.ts"

const file = Argument.String("file").pipe(
  Argument.withDescription("The file. Default: alerts.yml"),
  Argument.optional,
  Argument.map(Option.getOrElse(() => "alerts.yml"))
)
const destination = flags.text("destination", "Only this destination, by its name in the file")
const json = flags.flag("json", "Print JSON")

const check = Command.make("check", { file, json }, onDemand(() => import("../handlers/alertsCheck.ts"))).pipe(
  Command.withDescription(
    "Say what is wrong with alerts.yml, line by line, where it leads, and which environment variables are missing"
  )
)

const test = Command.make(
  "test",
  { file, destination, json },
  onDemand(() => import("../handlers/alertsTest.ts"))
).pipe(
  Command.withDescription("Send a message to each destination that says that it is a test, and say what happened"),
  Command.withExamples([
    { command: "coalesce-runs alerts test --destination dataTeam", description: "Sends one message to one destination" }
  ])
)

const deadLetters = Command.make(
  "dead-letters",
  {
    file,
    destination,
    json,
    state: flags.text("state", "The directory of the watch"),
    resend: flags.flag("resend", "Put them back into the outbox: the watch sends them again")
  },
  onDemand(() => import("../handlers/deadLetters.ts"))
).pipe(
  Command.withDescription("Show the messages that a destination did not take, and send them again"),
  Command.withExamples([
    {
      command: "coalesce-runs alerts dead-letters --state runs.state --resend",
      description: "After the address of a destination was mended"
    }
  ])
)

export const alerts = Command.make("alerts").pipe(
  Command.withDescription("Check alerts.yml, test its destinations, and show what they did not take"),
  Command.withSubcommands([check, test, deadLetters])
)
