// Reads the code from the text message (WebOTP in Chrome on Android) and puts it into its field. Other
// phones offer the code above the keyboard by themselves. Without scripts people type it.
const field = document.querySelector('input[autocomplete="one-time-code"]');
if (field && "OTPCredential" in window) {
  const waiting = new AbortController();
  field.form.addEventListener("submit", () => waiting.abort());
  navigator.credentials
    .get({ otp: { transport: ["sms"] }, signal: waiting.signal })
    .then((otp) => {
      if (field.value === "") field.value = otp.code;
      field.focus();
    })
    .catch(() => {}); // refused, or another code came by hand
}
