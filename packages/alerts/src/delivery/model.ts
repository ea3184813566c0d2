/** Describes what an outbox stores. */
import * as Schema from "effect/Schema"
import { Message } from "../Incident.ts"

const Time = Message.fields.at

/** A message that a destination did not take. Public: `Delivery` exports it. */
export const DeadLetter = Schema.Struct({
  destination: Schema.String,
  message: Message,
  /** Why it was given up, such as `slack did not take message 1x-1 (status 404): the address does not exist.` */
  reason: Schema.String,
  /** When it was given up. */
  at: Time
})

export interface DeadLetter extends Schema.Schema.Type<typeof DeadLetter> {}

/** A message of the outbox. */
export const Entry = Schema.Struct({
  message: Message,
  /** The sequence of the message of its incident that goes before it. 0 if there is none. */
  after: Schema.Int,
  /** Whether it was a dead letter: then it is sent whatever came after it. */
  again: Schema.optionalKey(Schema.Boolean)
})

/** How far a destination is with an incident. */
export const Position = Schema.Struct({
  done: Schema.Int,
  thread: Schema.optionalKey(Schema.String),
  /** When the last message was taken or given up, and whether it was the end of the incident. */
  at: Time,
  isOver: Schema.Boolean
})
