// A form with data-cle-acces="create|get" asks the browser for a passkey, puts the answer in its hidden field and leaves.
"use strict";
for (const formulaire of document.querySelectorAll("form[data-cle-acces]")) {
  const bouton = formulaire.querySelector("button");
  const erreur = document.getElementById("cle-acces-erreur");
  bouton.hidden = false;
  formulaire.addEventListener("submit", async (evenement) => {
    evenement.preventDefault();
    erreur.hidden = true;
    const question = JSON.parse(document.getElementById("cle-acces-question").textContent);
    try {
      const reponse = formulaire.dataset.cleAcces === "create"
        ? await window.webauthnJSON.create(question.creation_options)
        : await window.webauthnJSON.get(question.request_options);
      formulaire.elements.credential.value = JSON.stringify(reponse);
      formulaire.submit();
    } catch {
      erreur.hidden = false; // cancelled, too late, not this key: nothing was sent
      bouton.focus();
    }
  });
}
