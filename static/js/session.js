// Warns before an idle session ends and lets it go on. The windows of one browser share one session: they tell each other.
"use strict";
{
  const ALERTE = 180; // seconds before the end
  const PATIENCE = 60_000; // ms given to the sign-in page: asked for again sooner, a slow network would never bring it
  const dialogue = document.getElementById("fin-de-session");
  const duree = Number(dialogue.dataset.secondes);
  const reste = dialogue.querySelector("[data-reste]");
  const echec = dialogue.querySelector("[data-echec]");
  const canal = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
  let fin = 0;
  let partie = -Infinity; // when the sign-in page was last asked for

  function recommencer() {
    fin = Date.now() + duree * 1000;
    echec.hidden = true;
    if (dialogue.open) dialogue.close();
  }

  function surveiller() {
    const secondes = Math.ceil((fin - Date.now()) / 1000); // the clock, not the ticks: a computer sleeps
    if (secondes <= 0) {
      if (Date.now() - partie < PATIENCE) return;
      partie = Date.now();
      const ici = location.pathname + location.search;
      location.assign(`${dialogue.dataset.sortie}?next=${encodeURIComponent(ici)}`);
    } else if (secondes <= ALERTE) {
      const minutes = Math.ceil(secondes / 60);
      const texte = minutes > 1 ? `${minutes} minutes` : "moins d'une minute";
      if (reste.textContent !== texte) reste.textContent = texte;
      if (!dialogue.open) dialogue.showModal();
    }
  }

  async function prolonger(evenement) {
    evenement.preventDefault();
    const formulaire = evenement.target;
    try {
      const reponse = await fetch(formulaire.action, {
        method: "POST",
        body: new FormData(formulaire),
        headers: { Accept: "application/json" },
        redirect: "manual",
      });
      if (reponse.status !== 204) return location.reload(); // signed out elsewhere
      canal?.postMessage("vue");
      recommencer();
    } catch {
      echec.hidden = false;
    }
  }

  dialogue.addEventListener("cancel", (evenement) => evenement.preventDefault()); // Escape is no answer
  dialogue.querySelector("form").addEventListener("submit", prolonger);
  canal?.addEventListener("message", recommencer);
  canal?.postMessage("vue");
  recommencer();
  setInterval(surveiller, 1000);
}
