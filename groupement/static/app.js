// Small helps on top of pages that work without them: theme, folded menu, confirmations, drafts, double clicks.
(function () {
  "use strict";

  var racine = document.documentElement;
  var PREFIXE = "brouillon:";

  function tous(selecteur, dans) {
    return Array.prototype.slice.call((dans || document).querySelectorAll(selecteur));
  }

  // --- theme: the choice is kept in this browser only -------------------------------------------------------
  function themeActuel() {
    var choisi = racine.getAttribute("data-bs-theme");
    if (choisi) return choisi;
    return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }

  tous("[data-theme-bascule]").forEach(function (bouton) {
    bouton.hidden = false;
    bouton.addEventListener("click", function () {
      var autre = themeActuel() === "dark" ? "light" : "dark";
      racine.setAttribute("data-bs-theme", autre);
      try { localStorage.setItem("theme", autre); } catch (refus) { /* not kept, still applied */ }
    });
  });

  // --- menus ------------------------------------------------------------------------------------------------
  tous("[data-menu-bascule]").forEach(function (bouton) {
    var menu = document.getElementById(bouton.getAttribute("aria-controls"));
    bouton.addEventListener("click", function () {
      var ouvert = menu.classList.toggle("ouvert");
      bouton.setAttribute("aria-expanded", String(ouvert));
    });
  });

  var VOLETS = "details.deroulant, details.confirmer";

  document.addEventListener("click", function (evenement) {
    var bouton = evenement.target.closest("[data-fermer]");
    if (bouton) fermer(bouton.closest("details"));
    tous(VOLETS).forEach(function (volet) {
      if (volet.open && !volet.contains(evenement.target)) volet.open = false;
    });
  });

  document.addEventListener("keydown", function (evenement) {
    if (evenement.key !== "Escape") return;
    tous(VOLETS).forEach(function (volet) { if (volet.open) fermer(volet); });
  });

  function fermer(volet) {
    volet.open = false;
    volet.querySelector("summary").focus();
  }

  function montrerAnnuler(dans) {
    tous("[data-fermer]", dans).forEach(function (bouton) { bouton.hidden = false; });
  }

  // --- errors: the summary is the first thing heard ---------------------------------------------------------
  function lireErreurs(dans) {
    var resume = dans.querySelector(".resume-erreurs");
    if (resume) resume.focus();
  }

  // --- a form is sent once, however many times the button is pressed ----------------------------------------
  document.addEventListener("submit", function (evenement) {
    var formulaire = evenement.target;
    if (formulaire.method !== "post" || evenement.defaultPrevented) return;
    if (formulaire.dataset.envoye) { evenement.preventDefault(); return; }
    formulaire.dataset.envoye = "oui";
    if (evenement.submitter) evenement.submitter.setAttribute("aria-busy", "true");
    setTimeout(function () { liberer(formulaire); }, 8000);
  });

  function liberer(formulaire) {
    delete formulaire.dataset.envoye;
    tous("[aria-busy]", formulaire).forEach(function (bouton) { bouton.removeAttribute("aria-busy"); });
  }

  document.addEventListener("htmx:finally:request", function () { tous("form[data-envoye]").forEach(liberer); });
  window.addEventListener("pageshow", function () { tous("form[data-envoye]").forEach(liberer); });

  // --- drafts: what was typed survives a session that expires ----------------------------------------------
  // A draft lives in this tab only, belongs to one person, and never holds a password, a file or a token.
  function champs(formulaire) {
    return tous("input, select, textarea", formulaire).filter(function (champ) {
      return champ.name && ["hidden", "password", "file", "submit", "button"].indexOf(champ.type) < 0;
    });
  }

  function cle(formulaire) {
    return PREFIXE + location.pathname + "#" + formulaire.dataset.brouillon;
  }

  function lire(nom) {
    try { return JSON.parse(sessionStorage.getItem(nom)); } catch (refus) { return null; }
  }

  function ecrire(nom, brouillon) {
    try { sessionStorage.setItem(nom, JSON.stringify(brouillon)); } catch (plein) { /* the form itself still holds it */ }
  }

  function brouillons() {
    try {
      return Object.keys(sessionStorage).filter(function (nom) { return nom.indexOf(PREFIXE) === 0; });
    } catch (refus) { return []; }
  }

  function oublier(nom) {
    try { sessionStorage.removeItem(nom); } catch (refus) { /* nothing was kept */ }
  }

  // Repeated fields of one name (lines of a basket) are told apart by their rank.
  function releve(formulaire) {
    return champs(formulaire).map(function (champ) {
      var coche = champ.type === "checkbox" || champ.type === "radio";
      return [champ.name, coche ? champ.value : null, coche ? champ.checked : champ.value];
    });
  }

  function remettre(formulaire, valeurs) {
    var actuels = champs(formulaire);
    var change = false;
    if (actuels.length !== valeurs.length) return false;
    actuels.forEach(function (champ, rang) {
      var valeur = valeurs[rang];
      if (champ.name !== valeur[0]) return;
      var propriete = valeur[1] === null ? "value" : "checked";
      if (valeur[1] !== null && champ.value !== valeur[1]) return;
      if (champ[propriete] !== valeur[2]) { champ[propriete] = valeur[2]; change = true; }
    });
    return change;
  }

  function annoncer(formulaire, nom) {
    var message = document.createElement("div");
    message.className = "message ton-info";
    message.setAttribute("role", "status");
    var texte = document.createElement("p");
    texte.textContent = "Nous avons remis ce que vous aviez saisi avant l’interruption. Vérifiez, puis enregistrez. ";
    var bouton = document.createElement("button");
    bouton.type = "button";
    bouton.className = "btn btn-discret";
    bouton.textContent = "Revenir à la page d’origine";
    bouton.addEventListener("click", function () { oublier(nom); formulaire.reset(); message.remove(); });
    message.append(texte, bouton);
    formulaire.prepend(message);
  }

  // A form that carries the version of its object tells whether the server took what was sent: saved, the version has
  // changed; still the same, the network was lost on the way and the draft is worth keeping.
  function version(formulaire) {
    var champ = formulaire.querySelector('input[type="hidden"][name$="version"]');
    return champ ? champ.value : "";
  }

  function arrive(brouillon, formulaire) {
    return brouillon.envoye && !brouillon.interrompu && !(brouillon.version && brouillon.version === version(formulaire));
  }

  function suivre(formulaire, personne) {
    var nom = cle(formulaire);
    var brouillon = lire(nom);
    var refuse = formulaire.querySelector(".resume-erreurs");
    if (brouillon && (brouillon.personne !== personne || arrive(brouillon, formulaire))) {
      oublier(nom);
    } else if (brouillon && !refuse && remettre(formulaire, brouillon.valeurs)) {
      annoncer(formulaire, nom);
    }
    function noter(envoye) {
      ecrire(nom, { personne: personne, valeurs: releve(formulaire), version: version(formulaire), envoye: envoye, interrompu: false });
    }
    formulaire.addEventListener("input", function () { noter(false); });
    formulaire.addEventListener("change", function () { noter(false); });
    formulaire.addEventListener("submit", function () { noter(true); });
  }

  // A sent draft that meets a sign-in page or an error page was not saved: it is kept for the way back.
  // On any other page it has arrived and goes.
  function trierBrouillons(personne) {
    var interruption = !personne || document.body.hasAttribute("data-erreur");
    var presents = tous("form[data-brouillon]").map(cle);
    brouillons().forEach(function (nom) {
      var brouillon = lire(nom);
      if (!brouillon || !brouillon.envoye) return;
      if (interruption) {
        brouillon.interrompu = true;
        ecrire(nom, brouillon);
      } else if (!brouillon.interrompu && presents.indexOf(nom) < 0) {
        oublier(nom);
      }
    });
  }

  tous("form[data-oublier-brouillons]").forEach(function (formulaire) {
    formulaire.addEventListener("submit", function () { brouillons().forEach(oublier); });
  });

  // --- leaving a form half filled ---------------------------------------------------------------------------
  function prevenir(formulaire) {
    var modifie = false;
    formulaire.addEventListener("input", function () { modifie = true; });
    formulaire.addEventListener("submit", function () { modifie = false; });
    window.addEventListener("beforeunload", function (evenement) {
      if (modifie && document.contains(formulaire)) evenement.preventDefault();
    });
  }

  var personne = document.body.dataset.connecte || "";
  trierBrouillons(personne);
  if (personne) tous("form[data-brouillon]").forEach(function (formulaire) { suivre(formulaire, personne); });
  tous("form[data-prevenir]").forEach(prevenir);
  montrerAnnuler(document);
  lireErreurs(document);
  document.addEventListener("htmx:after:swap", function (evenement) {
    montrerAnnuler(document);
    if (evenement.target && evenement.target.querySelector) lireErreurs(evenement.target);
  });
})();
