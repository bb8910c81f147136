// Asks the device for a passkey. Pages work without: the button stays hidden where it cannot help.
"use strict";
const asked = {
  add: async (form, options) => {
    const selection = options.publicKey.authenticatorSelection;
    if (form.elements.passwordless.checked) {
      selection.residentKey = selection.userVerification = "required";
      selection.requireResidentKey = true;
    }
    return webauthnJSON.create(options);
  },
  ask: async (form, options) => webauthnJSON.get(options),
  login: async (form) => {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    return webauthnJSON.get((await answer.json()).request_options);
  },
};
const byName = !/^[\d.]+$|^\[/.test(location.hostname);  // passkeys belong to a name, never to a number
for (const button of document.querySelectorAll("[data-passkey]")) {
  const problem = button.form.querySelector("[data-problem]");
  if (!byName || !window.PublicKeyCredential) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const options = document.getElementById("passkey-options");
    problem.hidden = true;
    try {
      const given = options && Object.values(JSON.parse(options.textContent))[0];
      const credential = await asked[button.dataset.passkey](button.form, given);
      button.form.elements.credential.value = JSON.stringify(credential);
      button.form.submit();
    } catch {
      problem.hidden = false;  // cancelled, timed out, or the device has none
    }
  });
}
