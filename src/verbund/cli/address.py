"""Where the site listens."""

from __future__ import annotations

import errno
import http.client
import os
import socket
from dataclasses import dataclass

from verbund.wording import refuse

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # where to call it from here


@dataclass(frozen=True)
class Address:
    host: str
    port: int

    @property
    def caller_host(self) -> str:
        return _EVERYWHERE.get(self.host, self.host)

    @property
    def url(self) -> str:
        host = self.caller_host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def refuse_taken(self) -> None:
        """Stop before anything is started if nobody can listen here.

        Raises
        ------
        InvalidInput
            If the port is taken, needs more rights, or the host is not one of this machine.
        """
        try:
            family, kind, *_, place = socket.getaddrinfo(
                self.host, self.port, type=socket.SOCK_STREAM
            )[0]
            with socket.socket(family, kind) as probe:
                if os.name != "nt":  # there, it would hide that the port is taken
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(place)
                probe.listen(1)
        except OSError as error:
            values = {"host": self.host, "port": str(self.port)}
            if error.errno == errno.EADDRINUSE:
                raise refuse("install.port_taken", **values) from error
            if error.errno == errno.EACCES:
                raise refuse("install.port_forbidden", **values) from error
            raise refuse("install.no_host", **values, why=error.strerror or "?") from error

    def answers(self) -> bool:
        """Tell whether the site answers, whatever it says."""
        caller = http.client.HTTPConnection(self.caller_host, self.port, timeout=20)
        try:
            caller.request("GET", "/", headers={"Accept-Language": "en"})
            caller.getresponse().read()
        except OSError:
            return False
        finally:
            caller.close()
        return True
