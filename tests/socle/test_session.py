"""The session of a person is written by pages alone."""

from groupement.adherents.states import Role
from tests.fabriques import adherents


def test_a_file_never_gives_the_session_back(app, client):
    corps = [adherents.collectivite("Ayette"), adherents.collectivite("Bapaume")]
    agent = adherents.utilisateur(roles=[Role.AGENT], collectivite=corps[0])
    adherents.habiliter(agent, Role.AGENT, corps[1])
    adherents.connecter(client, agent)
    with client.session_transaction() as session:
        session.permanent = True
    assert "Set-Cookie" in client.get("/").headers
    for fichier in ("/static/app.js", "/bootstrap/static/css/bootstrap.min.css"):
        with client.get(fichier) as reponse:
            assert reponse.status_code == 200 and "Set-Cookie" not in reponse.headers
    reponse = client.post("/contexte", data={"contexte": f"collectivite-{corps[1].id}"})
    assert reponse.status_code == 303 and "Set-Cookie" in reponse.headers
    assert "pour Bapaume" in client.get("/").text
