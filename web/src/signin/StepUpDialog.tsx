/** "Is it still you?": asked once for whatever needs a fresh proof, and then what was begun goes on by itself. */

import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { send } from "@/api/client";
import { answerProof, type Proof, type SecondStep, useProofAsked } from "@/api/proof";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { ProofForm } from "@/signin/ProofForm";

export const newChallenge = (): Promise<SecondStep> => send<SecondStep>("/api/v1/auth/mfa/challenge", {});
export const confirm = (proof: Proof): Promise<void> => send<void>("/api/v1/auth/mfa/confirm", proof);

export function StepUp() {
  return useProofAsked() ? <StepUpDialog /> : null;
}

function StepUpDialog() {
  // A challenge of its own each time it opens: none is kept.
  const {
    data: step,
    error,
    refetch,
  } = useQuery({
    queryKey: ["proof"],
    queryFn: newChallenge,
    gcTime: 0,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  return (
    <Modal
      opened
      onClose={() => answerProof(false)}
      title="Is it still you?"
      size="sm"
      zIndex={400}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {error ? (
        <Problem error={error} again={() => void refetch()} />
      ) : step ? (
        <ProofForm
          step={step}
          word="Confirm"
          onProof={async (proof) => {
            await confirm(proof);
            answerProof(true);
          }}
        />
      ) : (
        <Skeleton width="100%" height="8rem" />
      )}
    </Modal>
  );
}
