/** Speak instead of type. What was understood is put into the field to be read; nothing is kept of the sound. */

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { dictated, dictationQuery } from "@/imaging/report/queries";
import styles from "@/imaging/report/Report.module.css";

interface Props {
  patient: string;
  onText: (text: string) => void;
}

export function Dictate({ patient, onText }: Props) {
  const { data } = useQuery(dictationQuery);
  const [state, setState] = useState<"idle" | "listening" | "writing">("idle");
  const [said, setSaid] = useState("");
  const recorder = useRef<MediaRecorder>(undefined);
  useEffect(() => () => stop(recorder.current), []);
  const begin = async () => {
    setSaid("");
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const parts: Blob[] = [];
      const made = new MediaRecorder(stream);
      made.ondataavailable = ({ data: part }) => parts.push(part);
      made.onstop = () => {
        for (const track of stream.getTracks()) track.stop();
        setState("writing");
        dictated(new Blob(parts, { type: made.mimeType.split(";")[0] ?? "audio/webm" }), patient).then(
          ({ text, segments }) => {
            onText(text);
            const doubtful = segments.filter((each) => each.doubtful).map((each) => `“${each.text.trim()}”`);
            setSaid(doubtful.length > 0 ? `Not sure of ${doubtful.join(", ")}. Read it before you save.` : "Read it before you save.");
            setState("idle");
          },
          (error: unknown) => {
            setSaid(error instanceof Error ? error.message : "It could not be understood.");
            setState("idle");
          },
        );
      };
      recorder.current = made;
      made.start();
      setState("listening");
    } catch {
      setSaid("The browser gives no microphone to this page. Allow it in the browser, on a secure address.");
    }
  };
  return (
    <div className={styles.dictate}>
      <button
        type="button"
        className="button"
        aria-pressed={state === "listening"}
        disabled={state === "writing" || data?.ready !== true}
        onClick={() => (state === "listening" ? stop(recorder.current) : void begin())}
      >
        {{ idle: "Dictate", listening: "Stop", writing: "Writing" }[state]}
      </button>
      <small role="status">{data && !data.ready ? data.reason : said}</small>
    </div>
  );
}

function stop(recorder: MediaRecorder | undefined): void {
  if (recorder && recorder.state !== "inactive") recorder.stop();
}
