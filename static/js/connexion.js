// The sign-in page. Its buttons « Afficher » and « Choisir » are hidden: without this script they stay so.

for (const bouton of document.querySelectorAll("[data-affiche]")) {
  const champ = document.getElementById(bouton.dataset.affiche);
  const montrer = (oui) => {
    champ.type = oui ? "text" : "password";
    bouton.firstElementChild.textContent = oui ? "Masquer" : "Afficher";
  };
  bouton.hidden = false;
  bouton.addEventListener("click", () => montrer(champ.type === "password"));
  champ.form.addEventListener("submit", () => montrer(false)); // browsers keep what is typed in a text field
}

for (const bouton of document.querySelectorAll("[data-compte]")) {
  bouton.hidden = false;
  bouton.addEventListener("click", () => {
    const champs = document.querySelector("#connexion").elements;
    champs.login.value = bouton.dataset.compte;
    champs.password.value = bouton.closest("details").dataset.secret;
    document.querySelector("#connexion [type=submit]").focus();
  });
}
