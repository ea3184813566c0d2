/** The errors of the library as a program without Effect sees them: the same classes. Public: `promise` exports it. */
import * as Duration from "effect/Duration"
import { AnyError } from "../error/base.ts"
import * as errors from "../RunsError.ts"
import type { PlainError } from "./plain.ts"

/** The name of an error: its `_tag`. */
export type ErrorTag = errors.RunsError["_tag"]

/** The error with this `_tag`. */
export type ErrorOf<Tag extends ErrorTag> = PlainError<Extract<errors.RunsError, { readonly _tag: Tag }>>

/** Any error of the library. `_tag` says which one. */
export type RunsError = ErrorOf<ErrorTag>

/** The class of an error, for `instanceof`. */
export type ErrorClass<Tag extends ErrorTag> = abstract new(...args: never) => ErrorOf<Tag>

/**
 * The classes of the errors, for `instanceof`. They are those of `@coalesce-runs/core/RunsError`.
 *
 * **Details**
 *
 * Each has a `message` that is a sentence, `isRetryable`, and what is known of the request. `resumeFrom` says where a list
 * continues: pass it as `startingFrom`. The token is in none of them.
 */
export const RunsError: { readonly [Tag in ErrorTag]: ErrorClass<Tag> } = {
  BadRequest: errors.BadRequest,
  Unauthorized: errors.Unauthorized,
  Forbidden: errors.Forbidden,
  NotFound: errors.NotFound,
  TooManyRequests: errors.TooManyRequests,
  InternalServerError: errors.InternalServerError,
  BadGateway: errors.BadGateway,
  ServiceUnavailable: errors.ServiceUnavailable,
  GatewayTimeout: errors.GatewayTimeout,
  UnexpectedStatus: errors.UnexpectedStatus,
  TransportError: errors.TransportError,
  RequestTimeout: errors.RequestTimeout,
  ResponseTooLarge: errors.ResponseTooLarge,
  DecodeError: errors.DecodeError,
  PaginationError: errors.PaginationError,
  InvalidQuery: errors.InvalidQuery,
  InvalidConnection: errors.InvalidConnection
}

/** Checks for any error of the library. */
export const isRunsError = (error: unknown): error is RunsError => error instanceof AnyError

/** Checks for an error of sign-in: `Unauthorized` or `Forbidden`. Someone must change the token or its role. */
export const isSignIn: (error: unknown) => error is ErrorOf<"Unauthorized" | "Forbidden"> = errors.isSignIn

/** Checks for `TooManyRequests`: send fewer requests, or wait for {@link retryAfterMillis}. */
export const isThrottled: (error: unknown) => error is ErrorOf<"TooManyRequests"> = errors.isThrottled

/** Checks for a fault of the server: `InternalServerError`, `BadGateway`, `ServiceUnavailable` or `GatewayTimeout`. */
export const isServer: (
  error: unknown
) => error is ErrorOf<"InternalServerError" | "BadGateway" | "ServiceUnavailable" | "GatewayTimeout"> = errors.isServer

/** Checks for a fault of the network: `TransportError` or `RequestTimeout`. */
export const isNetwork: (error: unknown) => error is ErrorOf<"TransportError" | "RequestTimeout"> = errors.isNetwork

/**
 * Returns how many milliseconds the server asked to wait before the next request, at most an hour. Undefined where it did not
 * ask, and for any other value.
 */
export const retryAfterMillis = (error: unknown): number | undefined =>
  error instanceof AnyError && error.retryAfter !== undefined ? Duration.toMillis(error.retryAfter) : undefined
