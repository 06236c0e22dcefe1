/** A soft tone for a new high alarm that nobody has seen. Off until somebody switches it on at this screen. */

import { useEffect, useState } from "react";
import type { BoardState } from "@/board/state";

const TONES_HZ = [523.25, 659.25] as const;
const LENGTH_S = 0.35;
const LOUDNESS = 0.08;

export function useSound(board: BoardState | null): { on: boolean; toggle: () => void } {
  const [audio, setAudio] = useState<AudioContext | null>(null);
  useEffect(() => {
    if (audio && board?.alarming) play(audio);
  }, [audio, board]);
  const toggle = () => {
    if (audio) void audio.close();
    const opened = audio ? null : new AudioContext();
    if (opened) play(opened);
    setAudio(opened);
  };
  return { on: audio !== null, toggle };
}

function play(audio: AudioContext): void {
  TONES_HZ.forEach((hertz, index) => {
    const begins = audio.currentTime + index * LENGTH_S * 0.6;
    const tone = new OscillatorNode(audio, { frequency: hertz });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.setTargetAtTime(LOUDNESS, begins, 0.03);
    volume.gain.setTargetAtTime(0, begins + LENGTH_S / 2, 0.08);
    tone.connect(volume).connect(audio.destination);
    tone.start(begins);
    tone.stop(begins + LENGTH_S * 2);
  });
}
