/** What is sent when a report is saved: all of it, with one thing changed. */

import type { Report, Saving, Sentence } from "@/imaging/report/types";

type Sentences = Saving["sections"][number]["sentences"];

/** The lesions a sentence is bound to, and the measurements by hand whose numbers it takes. */
export function spokenOf({ keys, text }: Pick<Sentence, "keys" | "text">): string[] {
  return [...new Set([...keys, ...[...text.matchAll(/\{(M\d+)\./g)].map(([, mark = ""]) => mark)])];
}

export function savingOf({ version, sections, confirmed }: Report): Saving {
  return {
    version,
    confirmed,
    sections: sections.map(({ id, sentences }) => ({ id, sentences: sentences.map(({ id, text, keys }) => ({ id, text, keys })) })),
  };
}

/** With this sentence written anew, or added at the end of the section where there is none of that id. */
export function changed(report: Report, section: string, sentence: string | undefined, text: string, keys: string[]): Saving {
  return inSection(report, section, (sentences) =>
    sentence === undefined
      ? [...sentences, { text, keys }]
      : sentences.map((each) => (each.id === sentence ? { ...each, text, keys } : each)),
  );
}

export function without(report: Report, section: string, sentence: string): Saving {
  return inSection(report, section, (sentences) => sentences.filter(({ id }) => id !== sentence));
}

export function confirmedWith(report: Report, key: string): Saving {
  return { ...savingOf(report), confirmed: [...new Set([...report.confirmed, key])] };
}

function inSection(report: Report, section: string, write: (sentences: Sentences) => Sentences): Saving {
  const saving = savingOf(report);
  return {
    ...saving,
    sections: saving.sections.map((each) => (each.id === section ? { ...each, sentences: write(each.sentences) } : each)),
  };
}
