/** Policies that wait for a second person: what they change, why, who has signed, and the signature that puts one in force. */

import { Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { failed, note } from "@/acts/toasts";
import { Changes } from "@/policy/Changes";
import styles from "@/policy/Proposals.module.css";
import { policyQuery, sign, withdraw } from "@/policy/queries";
import { maySign } from "@/policy/signing";
import type { Policy, WaitingProposal } from "@/policy/types";
import { usePerson } from "@/shell/person";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

interface Props {
  policy: Policy;
  onLook: (proposal: WaitingProposal) => void;
}

export function Proposals({ policy, onLook }: Props) {
  const [asking, setAsking] = useState<{ act: "sign" | "withdraw"; proposal: WaitingProposal } | null>(null);
  if (policy.proposals.length === 0) return null;
  return (
    <section className={styles.waiting} aria-label="Waiting for approval">
      {policy.proposals.map((each) => (
        <Proposal
          key={each.id}
          policy={policy}
          proposal={each}
          onLook={() => onLook(each)}
          onSign={() => setAsking({ act: "sign", proposal: each })}
          onWithdraw={() => setAsking({ act: "withdraw", proposal: each })}
        />
      ))}
      {asking && <Asked policy={policy} act={asking.act} proposal={asking.proposal} onClose={() => setAsking(null)} />}
    </section>
  );
}

interface ProposalProps {
  policy: Policy;
  proposal: WaitingProposal;
  onLook: () => void;
  onSign: () => void;
  onWithdraw: () => void;
}

function Proposal({ policy, proposal, onLook, onSign, onWithdraw }: ProposalProps) {
  const may = maySign(usePerson().roles);
  const [author] = proposal.approved_by;
  return (
    <article className={styles.proposal}>
      <div>
        <h2>
          Policy {proposal.version} waits for approval{" "}
          <small>
            {proposal.approved_by.length} of {policy.signatures} signed: {proposal.approved_by.join(", ")}
          </small>
        </h2>
        <p className="fine">
          Sent {moment(proposal.proposed_at, clock.now())} by {author}
          {proposal.note ? `: “${proposal.note}”` : ", without a note"}
        </p>
        <Changes policy={policy} text={proposal.text} />
      </div>
      <div className={styles.buttons}>
        <button type="button" className="button" onClick={onLook}>
          Look at it
        </button>
        {may && (
          <button type="button" className="button" onClick={onWithdraw}>
            Withdraw
          </button>
        )}
        {may && !proposal.signed_by_you && (
          <button type="button" className="button main" onClick={onSign}>
            Sign
          </button>
        )}
        {may && proposal.signed_by_you && <span className="fine">You have signed; somebody else must too.</span>}
        {!may && <span className="fine">Doctors and managers sign.</span>}
      </div>
    </article>
  );
}

interface AskedProps {
  policy: Policy;
  act: "sign" | "withdraw";
  proposal: WaitingProposal;
  onClose: () => void;
}

/** A signature that changes what every ward is told cannot be undone by a key: it is asked for once more. */
function Asked({ policy, act, proposal, onClose }: AskedProps) {
  const queries = useQueryClient();
  const last = proposal.approved_by.length + 1 >= policy.signatures;

  async function decide(): Promise<void> {
    onClose();
    try {
      if (act === "withdraw") await withdraw(proposal.id).then(() => note(`Withdrawn: policy ${proposal.version}`));
      else
        await sign(proposal.id).then((signed) =>
          note(signed.in_force ? `In force: policy ${signed.version}` : `Signed: policy ${signed.version}`),
        );
    } catch (error) {
      failed(error instanceof Error ? error.message : "It could not be done.");
    }
    await queries.invalidateQueries({ queryKey: policyQuery.queryKey });
  }

  const title = act === "sign" ? `Sign policy ${proposal.version}` : `Withdraw policy ${proposal.version}`;
  return (
    <Modal opened onClose={onClose} title={title} size="lg" closeButtonProps={{ "aria-label": "Close" }}>
      <div className={styles.asked}>
        {act === "sign" ? (
          <p>
            {last ? "With your signature it is in force at once, on every ward it covers." : "More people must sign before it is in force."}
          </p>
        ) : (
          <p>Nobody can sign it any more. It can be sent again.</p>
        )}
        <Changes policy={policy} text={proposal.text} />
        <div className={styles.buttons}>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="button" className="button main" data-autofocus onClick={() => void decide()}>
            {act === "withdraw" ? "Withdraw" : last ? "Sign and put in force" : "Sign"}
          </button>
        </div>
      </div>
    </Modal>
  );
}
