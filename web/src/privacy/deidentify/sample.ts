/** A note about nobody: everything in it is invented. */

export const SAMPLE = `Mrs Ngozi Okafor, MRN 40-123456, born 3 March 1955, lives at 12 Harbour Lane, Wardbridge.
Seen by Dr. Helena Vance at St Brannoc's Hospital on 14 June 2024; daughter Amara Okafor reached on (415) 555-0134.

69-year-old woman with atrial fibrillation, CHA2DS2-VASc 4, on apixaban 5 mg twice daily. Slept well.
Potassium 5.6 mmol/L, creatinine 124 µmol/L, BP 128/76, HR 88. Positive Babinski sign on the left since 12.06.2024.
Insurance ID HX-223344, pacemaker serial PJN-882211. Letter to ngozi.okafor@mail.example. Control in two weeks.`;
