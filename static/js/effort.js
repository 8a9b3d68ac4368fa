// Answers the form's question (ALTCHA) in a worker, as soon as the page is there; a form sent meanwhile waits for it.
"use strict";
for (const bloc of document.querySelectorAll("[data-effort]")) {
  const champ = bloc.querySelector("input");
  const formulaire = champ.form;
  const etat = bloc.querySelector("[data-effort-etat]");
  const challenge = JSON.parse(document.getElementById("effort-question").textContent);
  const travail = new Worker(bloc.dataset.travail);
  let finie = false;
  let enAttente = null;

  function finir(texte) {
    finie = true;
    etat.textContent = texte;
    travail.terminate();
    if (enAttente) formulaire.requestSubmit(enAttente.submitter);
  }

  etat.hidden = false;
  formulaire.addEventListener("submit", (evenement) => {
    if (finie) return;
    evenement.preventDefault();
    enAttente = evenement;
  });
  travail.onmessage = ({ data }) => {
    if (!data || data.error) return finir(etat.dataset.manquee);
    champ.value = btoa(JSON.stringify({ challenge, solution: data }));
    finir(etat.dataset.faite);
  };
  travail.onerror = () => finir(etat.dataset.manquee);
  travail.postMessage({ type: "work", challenge, counterStart: 0, counterStep: 1, timeout: 60000 });
}
