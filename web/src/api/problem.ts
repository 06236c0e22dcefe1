/** What went wrong, as the server's problem+json says it or as the network failed, in one sentence a person can act on. */

const TOO_SLOW = 408;
const TOO_MANY = 429;

export class ApiProblem extends Error {
  readonly status: number;
  readonly title: string;
  readonly where: string | undefined;
  /** What the person could do about it at once: "break-glass", "step-up", "second-factor". */
  readonly remedy: string | undefined;

  constructor(status: number, title: string, detail: string, where?: string, remedy?: string) {
    super(detail);
    this.name = "ApiProblem";
    this.status = status;
    this.title = title;
    this.where = where;
    this.remedy = remedy;
  }

  /** Trying the same again later may help: the network or the server failed, or there was too much at once; not the request. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === TOO_SLOW || this.status === TOO_MANY || this.status >= 500;
  }
}

export const NO_CONNECTION = 0;

export function noConnection(): ApiProblem {
  return new ApiProblem(NO_CONNECTION, "No connection", "Wardline cannot be reached from here.");
}

/** The problem in a response that is not ok. A proxy's page instead of our JSON becomes a problem too. */
export async function problemIn(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null);
  if (isProblem(body)) return new ApiProblem(response.status, body.title, sentence(body.detail), body.where, body.remedy);
  return new ApiProblem(response.status, response.statusText || "Not available", "The server gave no readable answer.");
}

/** What would open the door that this answer has closed; the answer stays unread for whoever asked. */
export async function remedyIn(response: Response): Promise<string> {
  if (response.status !== 403) return "";
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return isProblem(body) ? (body.remedy ?? "") : "";
}

interface ProblemBody {
  title: string;
  detail: string;
  where?: string;
  remedy?: string;
}

function isProblem(body: unknown): body is ProblemBody {
  return typeof body === "object" && body !== null && "title" in body && "detail" in body && typeof body.detail === "string";
}

/** The server's sentences start small and have no full stop; on screen they stand alone. */
function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(begun) ? begun : `${begun}.`;
}
