// The page a scanned code opens: with one activity to sign in to, its form goes out by itself.
// Without this file the organiser taps the button.

document.querySelector("form[data-sign-in]")?.requestSubmit();
