/** The few icons there are. Each stands beside its word and is silent to screen readers. */

import type { ReactNode } from "react";

function Icon({ children, size = 24 }: { children: ReactNode; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const ClockIcon = () => (
  <Icon size={14}>
    <circle cx="12" cy="12" r="9.5" />
    <path d="M12 6.5V12l3.5 2.5" />
  </Icon>
);
export const ChevronIcon = () => (
  <Icon size={14}>
    <path d="m6 9 6 6 6-6" />
  </Icon>
);
export const BackIcon = () => (
  <Icon size={20}>
    <path d="M15 5 8 12l7 7" />
  </Icon>
);
export const BedIcon = () => (
  <Icon>
    <path d="M3 18v-11M3 15h18v3M21 15v-2.5a3 3 0 0 0-3-3h-7V15M6.5 11.5h.01" />
  </Icon>
);
export const BellIcon = () => (
  <Icon>
    <path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15ZM10 20.5h4" />
  </Icon>
);
export const SearchIcon = () => (
  <Icon>
    <circle cx="11" cy="11" r="6.5" />
    <path d="m16 16 4.5 4.5" />
  </Icon>
);
export const ShieldIcon = () => (
  <Icon>
    <path d="M12 3.5 5 6v5.5c0 4.2 2.8 7.3 7 9 4.2-1.7 7-4.8 7-9V6Z" />
  </Icon>
);
export const MoreIcon = () => (
  <Icon>
    <path d="M5 7h14M5 12h14M5 17h14" />
  </Icon>
);

export function Logo() {
  return (
    <svg width="20" height="20" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--inverse)" />
      <path
        d="M7 10.5 11.5 21.5 16 12 20.5 21.5 25 10.5"
        fill="none"
        stroke="var(--inverse-ink)"
        strokeWidth="3.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
