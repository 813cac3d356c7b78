/** What is shown once more before what a stolen cookie may not do. */

export const CODE = {
  name: "otp_attempt",
  label: "Code",
  hint: "From your authenticator, or one of your recovery codes.",
  autocomplete: "one-time-code",
};

const PASSWORD = { name: "current_password", label: "Current password", type: "password" };

/** The code is asked for where a second factor is on. */
export const PROOF = [
  { ...PASSWORD, autocomplete: "current-password" },
  { ...CODE, hidden: true },
];
