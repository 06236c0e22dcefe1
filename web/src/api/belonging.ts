/**
 * An answer about one patient is never shown under another's name (FT-37).
 *
 * Every answer about a patient carries whose it is. What comes back with another key than the one asked for is not shown:
 * it is thrown away as `WrongPatient`, which knows both. A record that was joined with another answers with the survivor's key.
 */

export class WrongPatient extends Error {
  readonly asked: string;
  readonly answered: string;

  constructor(asked: string, answered: string) {
    super("The answer belongs to another record.");
    this.name = "WrongPatient";
    this.asked = asked;
    this.answered = answered;
  }
}

/** The answer, if it is about `asked`. `whose` says where each kind of answer keeps its patient. */
export function belonging<T>(asked: string, answer: T, whose: (answer: T) => string | readonly string[]): T {
  const owners = whose(answer);
  for (const owner of typeof owners === "string" ? [owners] : owners) {
    if (owner !== asked) throw new WrongPatient(asked, owner);
  }
  return answer;
}
