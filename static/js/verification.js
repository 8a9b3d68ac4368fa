// A QR opens this page with the code after the #, which no server is sent: hand it over in the body of a POST.
"use strict";
{
  function verifier() {
    const formulaire = document.getElementById("verification");
    const code = location.hash.slice(1);
    if (!code.startsWith("ADC1.")) return;
    if (!formulaire) return location.assign(`${location.pathname}?autre#${code}`); // an answer is shown: the form first
    history.replaceState(null, "", location.pathname); // neither in the history nor in what is shared next
    formulaire.elements.code.value = code;
    formulaire.submit();
  }

  verifier();
  addEventListener("hashchange", verifier); // an address pasted over this one
}
