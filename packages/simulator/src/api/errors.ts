/** Declares the errors of the API, one class for each status. Public through `Api.ts`. */
import * as Schema from "effect/Schema"

/** The body of every error of the API itself. A gateway in front of the API may send HTML or nothing. */
export const ErrorBody = Schema.Struct({
  error: Schema.Struct({
    errorString: Schema.String.annotate({ description: "The error message." }),
    errorDetail: Schema.optionalKey(Schema.String.annotate({ description: "Additional detail about the error." }))
  })
})

/** The body of an error. */
export interface ErrorBody extends Schema.Schema.Type<typeof ErrorBody> {}

const errorClass = (httpApiStatus: number, description: string) => ({ httpApiStatus, description })

/** 400: a parameter of the request is not valid. */
export class BadRequest extends Schema.Error<BadRequest>("BadRequest")(
  ErrorBody.fields,
  errorClass(400, "The request was invalid.")
) {}

/** 401: the token is missing or wrong. */
export class Unauthorized extends Schema.Error<Unauthorized>("Unauthorized")(
  ErrorBody.fields,
  errorClass(401, "User lacks authorization to perform this action.")
) {}

/** 403: the token does not permit this. */
export class Forbidden extends Schema.Error<Forbidden>("Forbidden")(
  ErrorBody.fields,
  errorClass(403, "The client is not permitted to perform the requested operation.")
) {}

/** 404: the path or the run does not exist. */
export class NotFound extends Schema.Error<NotFound>("NotFound")(
  ErrorBody.fields,
  errorClass(404, "The path or the run does not exist.")
) {}

/** 429: the rate limit is used up. */
export class TooManyRequests extends Schema.Error<TooManyRequests>("TooManyRequests")(
  ErrorBody.fields,
  errorClass(
    429,
    "Too many requests. `Retry-After`, if present, says when to retry: in seconds or as an HTTP date."
  )
) {}

/** 500: the server failed. */
export class InternalServerError extends Schema.Error<InternalServerError>("InternalServerError")(
  ErrorBody.fields,
  errorClass(500, "The server encountered an unexpected condition that prevented it from fulfilling the request.")
) {}

/** 502: an upstream system failed. */
export class BadGateway extends Schema.Error<BadGateway>("BadGateway")(
  ErrorBody.fields,
  errorClass(502, "The server received an error from an upstream system.")
) {}

/** 503: the service is unavailable. */
export class ServiceUnavailable extends Schema.Error<ServiceUnavailable>("ServiceUnavailable")(
  ErrorBody.fields,
  errorClass(503, "The service is currently unavailable.")
) {}

/** 504: an upstream system did not respond in time. */
export class GatewayTimeout extends Schema.Error<GatewayTimeout>("GatewayTimeout")(
  ErrorBody.fields,
  errorClass(504, "The server did not receive a response in time from an upstream system.")
) {}
