"""A proxy that ends TLS before two servers, as small as it can be: it takes them in turn, and one may be taken out."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import count
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

#: What only the proxy may say.
SIENS = (b"x-forwarded-proto:", b"x-forwarded-for:", b"connection:")


class Mandataire:
    """``en_service`` are the ports of the servers; what is under way with one that is taken out goes to its end."""

    def __init__(self, ports: list[int]) -> None:
        self.en_service = list(ports)
        self.tours, self.en_cours = count(), dict.fromkeys(ports, 0)
        self.boucle = asyncio.new_event_loop()

    def retirer(self, port: int) -> None:
        """Send nobody there any more, and wait until nobody is."""
        self.en_service.remove(port)
        while self.en_cours[port]:
            threading.Event().wait(0.02)

    def remettre(self, port: int) -> None:
        self.en_service.append(port)

    async def servir(self, lecture: asyncio.StreamReader, ecriture: asyncio.StreamWriter) -> None:
        port = self.en_service[next(self.tours) % len(self.en_service)]
        self.en_cours[port] += 1
        try:
            await self._relayer(lecture, ecriture, port)
        finally:
            self.en_cours[port] -= 1
            ecriture.close()

    async def _relayer(self, lecture: asyncio.StreamReader, ecriture: asyncio.StreamWriter, port: int) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            tete = await lecture.readuntil(b"\r\n\r\n")
            premiere, *lignes = tete[:-4].split(b"\r\n")
            taille = next((int(li.split(b":")[1]) for li in lignes if li.lower().startswith(b"content-length:")), 0)
            gardees = [ligne for ligne in lignes if not ligne.lower().startswith(SIENS)]
            siennes = [b"X-Forwarded-Proto: https", b"X-Forwarded-For: 192.0.2.7", b"Connection: close"]
            vers_lecture, vers = await asyncio.open_connection("127.0.0.1", port)
            vers.write(b"\r\n".join([premiere, *gardees, *siennes]) + b"\r\n\r\n")
            vers.write(await lecture.readexactly(taille))
            while morceau := await vers_lecture.read(65536):
                ecriture.write(morceau)
                await ecriture.drain()
            vers.close()


def certificat(dossier: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate of an hour for localhost: the file of the server, and what a visitor trusts."""
    cle, nom = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")]),
    )
    noms = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    maintenant = datetime.now(UTC)
    fait = (
        x509.CertificateBuilder(nom, nom, cle.public_key(), x509.random_serial_number())
        .not_valid_before(maintenant - timedelta(minutes=5))
        .not_valid_after(maintenant + timedelta(hours=1))
        .add_extension(noms, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(cle, hashes.SHA256())
    )
    pem, clair = serialization.Encoding.PEM, serialization.NoEncryption()
    fichier = dossier / "localhost.pem"
    fichier.write_bytes(cle.private_bytes(pem, serialization.PrivateFormat.PKCS8, clair) + fait.public_bytes(pem))
    return fichier, ssl.create_default_context(cadata=fait.public_bytes(pem).decode())


@contextmanager
def mandataire(port: int, vers: list[int], fichier: Path) -> Iterator[Mandataire]:
    """The proxy, in a thread."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(fichier)
    relais = Mandataire(vers)
    pret = threading.Event()

    def tourner() -> None:
        asyncio.set_event_loop(relais.boucle)
        relais.boucle.run_until_complete(asyncio.start_server(relais.servir, "127.0.0.1", port, ssl=tls, backlog=256))
        pret.set()
        relais.boucle.run_forever()

    fil = threading.Thread(target=tourner, daemon=True)
    fil.start()
    pret.wait(10)
    yield relais
    asyncio.run_coroutine_threadsafe(_finir(), relais.boucle).result(10)
    relais.boucle.call_soon_threadsafe(relais.boucle.stop)
    fil.join(10)


async def _finir() -> None:
    """Let what is under way go to its end."""
    autres = asyncio.all_tasks() - {asyncio.current_task()}
    if autres:
        await asyncio.wait(autres, timeout=5)
