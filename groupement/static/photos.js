/* Photographs taken with a phone weigh several megabytes: they are made smaller before they leave, where the browser
   can. Without this script, or when it fails, the file goes as it is and the server does the same. */
(function () {
  "use strict";
  var COTE = 1600;
  var ASSEZ_PETITE = 400 * 1024;

  function reduire(champ) {
    var fichier = champ.files[0];
    if (!fichier || fichier.size < ASSEZ_PETITE || !window.createImageBitmap || !window.DataTransfer) return;
    createImageBitmap(fichier).then(function (image) {
      var rapport = Math.min(1, COTE / Math.max(image.width, image.height));
      var toile = document.createElement("canvas");
      toile.width = Math.max(1, Math.floor(image.width * rapport));
      toile.height = Math.max(1, Math.floor(image.height * rapport));
      toile.getContext("2d").drawImage(image, 0, 0, toile.width, toile.height);
      toile.toBlob(function (petite) {
        if (!petite || petite.size >= fichier.size || champ.files[0] !== fichier) return;
        var envoi = new DataTransfer();
        envoi.items.add(new File([petite], fichier.name, { type: "image/jpeg" }));
        champ.files = envoi.files;
      }, "image/jpeg", 0.85);
    }).catch(function () { /* not a picture this browser reads: the server will say so */ });
  }

  document.addEventListener("change", function (evenement) {
    if (evenement.target.matches("input[data-photo]")) reduire(evenement.target);
  });
})();
